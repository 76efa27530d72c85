// How long to wait before the next attempt.

export interface BackoffLimits {
  readonly retryMinMs: number;
  readonly retryMaxMs: number;
}

/**
 * Exponential, with jitter over its upper half, so that deliveries that failed together come back apart.
 * @param attempts how many attempts have failed so far, 1 or more
 * @param random from 0 to 1
 */
export const backoffMs = (attempts: number, { retryMinMs, retryMaxMs }: BackoffLimits, random: number): number => {
  const full = Math.min(retryMaxMs, retryMinMs * 2 ** Math.min(attempts - 1, 52));
  return Math.round(full / 2 + (full / 2) * random);
};

/** `Retry-After` in milliseconds, given in seconds or as an HTTP date; null when absent or unreadable. */
export const retryAfterMs = (header: string | null, nowMs: number): number | null => {
  if (header === null) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  // Date.parse finds a date in almost anything; an HTTP date begins with the day of the week.
  const at = /^[A-Z][a-z]{2}/.test(header.trim()) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
};
