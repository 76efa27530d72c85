/** `Retry-After` in milliseconds, given in seconds or as an HTTP date; null when absent or unreadable. */
export const readRetryAfter = (header: string | undefined, nowMs: number): number | null => {
  const text = header?.trim() ?? '';
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  // Date.parse finds a date in almost anything; an HTTP date begins with the day of the week.
  const at = /^[A-Z][a-z]{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
};
