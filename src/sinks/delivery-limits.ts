// How deliveries are tried, and the times by which attempts of different processes keep out of each other's way.
import { longestWaitMs, type WaitLimits } from '../domain/delivery.ts';
import type { BackoffLimits } from './backoff.ts';

export interface DeliveryLimits extends BackoffLimits {
  readonly maxAgeSeconds: number;
  /** How many attempts run at once at one destination, so that a slow one never delays another. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  /** Above this many at one destination, the least urgent deliveries stay in the store until there is room. */
  readonly maxInMemory?: number;
}

/** A delivery whose next attempt is further off is left to the store. */
export const longestWaitInMemoryMs = 5000;
/** By how much a lease outlives the time-out of its attempt. */
export const leaseMarginMs = 8000;
/** How much of that margin is left to clocks that differ; a commit that took the rest of it came too late to send. */
export const clockSkewMs = 5000;

/** How far ahead a wait or a lease can lie that our own clock wrote. */
export const waitLimits = ({ retryMaxMs, timeoutMs }: DeliveryLimits): WaitLimits => ({
  retryMs: Math.max(longestWaitMs, retryMaxMs),
  leaseMs: timeoutMs + leaseMarginMs,
});
