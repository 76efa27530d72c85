// Vendors write times with any offset, with nanoseconds, and sometimes without a zone.
const zonedOrNot = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?$/i;
const latest = Date.parse('9999-12-31T23:59:59.999Z');

let latestMs = Number.NaN;
let latestInstant = '';

/** Milliseconds as the unified event writes a moment. */
export const instant = (ms: number): string => {
  // Many things happen in one millisecond, and writing it takes longer than most of them.
  if (ms !== latestMs) {
    latestInstant = new Date(ms).toISOString();
    latestMs = ms;
  }
  return latestInstant;
};

/** Whether the moment can be written in the four-digit years of the unified event. */
export const isSaneMs = (ms: number): boolean => ms >= 0 && ms <= latest;

/** Date.parse takes the thirtieth of February for the second of March. */
const isDay = (date: string): boolean => {
  const ms = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(ms) && instant(ms).startsWith(date);
};

/**
 * A vendor's ISO-8601 time as the unified event writes it, or null when it cannot be read.
 * A time without a zone is read as UTC: the zone of this machine says nothing about the vendor's.
 */
export const readInstant = (text: string): string | null => {
  const match = zonedOrNot.exec(text.trim());
  if (!match) return null;
  const [, date = '', time, zone = 'Z'] = match;
  if (!isDay(date)) return null;
  const ms = Date.parse(`${date}T${time}${zone}`);
  return isSaneMs(ms) ? instant(ms) : null;
};
