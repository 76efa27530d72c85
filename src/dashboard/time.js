// Moments and spans as a person reads them. Every moment says its zone.

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Two units at most: `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`.
 * @param {number} ms
 */
export const duration = (ms) => {
  if (ms < minuteMs) return `${Math.max(0, Math.floor(ms / 1000))} s`;
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  const [large, small, units] = ms < dayMs ? [hourMs, minuteMs, ['h', 'min']] : [dayMs, hourMs, ['d', 'h']];
  const rest = Math.floor((ms % large) / small);
  return `${Math.floor(ms / large)} ${units[0]}${rest > 0 ? ` ${rest} ${units[1]}` : ''}`;
};

/**
 * @param {string} iso
 * @param {number} nowMs
 */
export const ago = (iso, nowMs) => {
  const ms = nowMs - Date.parse(iso);
  if (ms < -minuteMs) return `in ${duration(-ms)}`;
  return ms < 10_000 ? 'just now' : `${duration(ms)} ago`;
};

/** @param {string | undefined} timeZone undefined is the reader's own */
const formats = (timeZone) => {
  const zone = timeZone === undefined ? {} : { timeZone };
  return {
    day: new Intl.DateTimeFormat('en-CA', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' }),
    short: new Intl.DateTimeFormat('en-GB', { ...zone, month: 'short', day: 'numeric' }),
    time: new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
    exact: new Intl.DateTimeFormat('en-GB', {
      ...zone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'short',
    }),
  };
};

/** @type {Map<string | undefined, ReturnType<typeof formats>>} Making one takes as long as writing a hundred times. */
const made = new Map();
/** @param {string | undefined} timeZone */
const formatsOf = (timeZone) => {
  const known = made.get(timeZone) ?? formats(timeZone);
  made.set(timeZone, known);
  return known;
};

/**
 * The moment with its zone; the day only when it is not today, and the year when it is not this one.
 * @param {string} iso
 * @param {number} nowMs
 * @param {string} [timeZone] undefined is the reader's own
 */
export const clock = (iso, nowMs, timeZone) => {
  const atMs = Date.parse(iso);
  const { day, short, time } = formatsOf(timeZone);
  const [date, today] = [day.format(atMs), day.format(nowMs)];
  if (date === today) return time.format(atMs);
  const isThisYear = date.slice(0, 4) === today.slice(0, 4);
  return `${isThisYear ? short.format(atMs) : date} ${time.format(atMs)}`;
};

/**
 * To the second, with day and zone.
 * @param {string} iso
 * @param {string} [timeZone]
 */
export const exact = (iso, timeZone) => {
  const atMs = Date.parse(iso);
  const { day, exact: time } = formatsOf(timeZone);
  return `${day.format(atMs)} ${time.format(atMs)}`;
};
