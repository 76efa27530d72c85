// Vendors write times with any offset, with nanoseconds, and sometimes without a zone.
export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

const zonedOrNot = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?$/i;
const latest = Date.parse('9999-12-31T23:59:59.999Z');

/** What was written lately. Many things happen in one millisecond, and writing it takes longer than most of them. */
const written = new Map<number, string>();
const maxWritten = 100;

/** Milliseconds as the unified event writes a moment. */
export const toIso = (ms: number): string => {
  const known = written.get(ms);
  if (known !== undefined) return known;
  if (written.size >= maxWritten) written.clear();
  const text = new Date(ms).toISOString();
  written.set(ms, text);
  return text;
};

/** Whether a moment that was written lies behind us; one that is null never comes. */
export const hasCome = (time: string | null, nowMs: number): boolean => time !== null && Date.parse(time) <= nowMs;

/** Whether the moment can be written in the four-digit years of the unified event. */
export const isSaneMs = (ms: number): boolean => ms >= 0 && ms <= latest;

/** Date.parse takes the thirtieth of February for the second of March. */
const isDay = (date: string): boolean => {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && toIso(ms).startsWith(date);
};

/**
 * A vendor's ISO-8601 time as the unified event writes it, or null when it cannot be read.
 * A time without a zone is read as UTC: the zone of this machine says nothing about the vendor's.
 */
export const readIso = (text: string): string | null => {
  const match = zonedOrNot.exec(text.trim());
  if (!match) return null;
  const [, date = '', time, zone = 'Z'] = match;
  if (!isDay(date)) return null;
  const ms = Date.parse(`${date}T${time}${zone}`);
  return isSaneMs(ms) ? toIso(ms) : null;
};
