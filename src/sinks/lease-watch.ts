// A lease that ends further ahead than any lease may: a clock has stepped back since it was written. Whoever holds it may
// still be sending, so it counts as over only once it has stood there for as long as a lease lasts, by a clock that
// never steps.
import type { Delivery } from '../domain/delivery.ts';

const maxWatched = 10_000;

/** Whether somebody may still hold the delivery, although its lease cannot be believed. */
export type LeaseWatch = (delivery: Delivery, nowMs: number) => boolean;

/** @param monotonicMs a clock that never steps */
export const createLeaseWatch = (leaseMs: number, monotonicMs: () => number): LeaseWatch => {
  const seen = new Map<string, { readonly leasedUntil: string; readonly sinceMs: number }>();

  return ({ id, leased_until: leasedUntil }, nowMs) => {
    const known = seen.get(id);
    seen.delete(id);
    if (leasedUntil === null || Date.parse(leasedUntil) <= nowMs + leaseMs) return false;
    const sinceMs = known?.leasedUntil === leasedUntil ? known.sinceMs : monotonicMs();
    if (seen.size >= maxWatched) seen.clear();
    seen.set(id, { leasedUntil, sinceMs });
    return monotonicMs() - sinceMs < leaseMs;
  };
};
