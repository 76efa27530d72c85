// Moments and spans as a person reads them.

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

/** @param {number} number */
const two = (number) => String(number).padStart(2, '0');

/**
 * The moment on the reader's own clock; the day only when it is not today.
 * @param {string} iso
 * @param {number} nowMs
 */
export const clock = (iso, nowMs) => {
  const at = new Date(iso);
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  const isToday = at.toDateString() === new Date(nowMs).toDateString();
  return isToday ? time : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
};
