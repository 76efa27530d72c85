// Slows down an address that fails again and again. Memory is bounded: with more addresses than there is room for, the
// ones that were quiet for longest are forgotten.
import { LRUCache } from 'lru-cache';
import { dayMs } from '../../lib/time.ts';

export interface FailureLimitOptions {
  /** This many failures are free, but for the last of them. */
  readonly allowed: number;
  /** The wait after the last allowed failure; it doubles with each further one, up to `maxWaitMs`. */
  readonly firstWaitMs: number;
  readonly maxWaitMs: number;
  /** An address that has not failed for so long begins again. */
  readonly forgetAfterMs: number;
  readonly now: () => number;
}

export interface FailureLimit {
  /** How long this address has to wait before anything of it is looked at; 0 when it need not. */
  waitMs(address: string): number;
  /** Counts a failure, and says how long to wait before the next try; 0 when it need not. */
  failed(address: string): number;
  /** From now on requests of this address are looked at, even if another client behind the same address fails. */
  succeeded(address: string): void;
}

interface Failures {
  readonly count: number;
  readonly waitUntilMs: number;
}

const maxAddresses = 10_000;
const knownForMs = dayMs;

export const createFailureLimit = (options: FailureLimitOptions): FailureLimit => {
  const { allowed, firstWaitMs, maxWaitMs, forgetAfterMs, now } = options;
  const bounds = { max: maxAddresses, perf: { now }, ttlResolution: 0 };
  const failures = new LRUCache<string, Failures>({ ...bounds, ttl: forgetAfterMs });
  const known = new LRUCache<string, true>({ ...bounds, ttl: knownForMs });

  const leftMs = (address: string): number => {
    const aheadMs = (failures.get(address)?.waitUntilMs ?? 0) - now();
    // One that is longer than any was begun by a clock that has stepped back since.
    return aheadMs > maxWaitMs ? 0 : Math.max(0, aheadMs);
  };

  return {
    waitMs: (address) => (known.has(address) ? 0 : leftMs(address)),
    failed(address) {
      // Of a known address more than one failure is seen while it should wait; they count as one.
      if (leftMs(address) > 0) return leftMs(address);
      const count = (failures.get(address)?.count ?? 0) + 1;
      const waitMs = count < allowed ? 0 : Math.min(maxWaitMs, firstWaitMs * 2 ** (count - allowed));
      failures.set(address, { count, waitUntilMs: now() + waitMs });
      return waitMs;
    },
    succeeded(address) {
      known.set(address, true);
    },
  };
};
