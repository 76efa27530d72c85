// How long to wait before the next attempt.
import { type Delivery, longestWaitMs } from '../domain/delivery.ts';
import type { SendResult } from './destination.ts';

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

/**
 * When to try again: after the backoff or the delay asked for, whichever is longer, and a last time when the delivery
 * reaches its greatest age. Null when it is given up.
 */
export const nextAttemptMs = (
  { attempts, created_at: createdAt, retried_at: retriedAt }: Delivery,
  result: SendResult,
  limits: BackoffLimits & { readonly maxAgeSeconds: number },
  nowMs: number,
  random: number,
): number | null => {
  const tooOldMs = Date.parse(retriedAt ?? createdAt) + limits.maxAgeSeconds * 1000;
  if (result.outcome === 'delivered' || result.outcome === 'permanent' || nowMs >= tooOldMs) return null;
  const askedMs = Math.min(result.retryAfterMs ?? 0, longestWaitMs);
  return Math.min(nowMs + Math.max(backoffMs(attempts + 1, limits, random), askedMs), tooOldMs);
};
