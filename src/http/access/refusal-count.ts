// Keeps a flood of refused requests from becoming a flood of log lines: the first of an address in a minute have lines of
// their own, the others are told once a second, as a count. Memory is bounded: with more addresses than there is room
// for, the one that was quiet for longest begins again.
import { LRUCache } from 'lru-cache';
import { minuteMs } from '../../lib/time.ts';

export interface RefusalCount {
  /** Counts one, and gives whether it gets log lines of its own. */
  add(address: string): boolean;
}

/** Refusals that had no lines of their own: of one address, or of many together. */
export type Counted =
  | { readonly address: string; readonly count: number }
  | { readonly addresses: number; readonly count: number };

export interface RefusalCountOptions {
  readonly now: () => number;
  /** Called at most `maxTold` times a second. */
  readonly onCounted: (counted: Counted) => void;
}

const perMinute = 20;
const tellEveryMs = 1000;
const maxAddresses = 10_000;
/** More addresses than this at once are told together. */
const maxTold = 20;

export const createRefusalCount = ({ now, onCounted }: RefusalCountOptions): RefusalCount => {
  const seen = new LRUCache<string, { readonly sinceMs: number; readonly count: number }>({ max: maxAddresses });
  const untold = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const tell = (): void => {
    timer = undefined;
    if (untold.size <= maxTold) for (const [address, count] of untold) onCounted({ address, count });
    else onCounted({ addresses: untold.size, count: [...untold.values()].reduce((sum, count) => sum + count, 0) });
    untold.clear();
  };

  return {
    add(address) {
      const known = seen.get(address);
      // In either direction: our clock may step back.
      const isFresh = known === undefined || Math.abs(now() - known.sinceMs) >= minuteMs;
      const { sinceMs, count } = isFresh ? { sinceMs: now(), count: 0 } : known;
      seen.set(address, { sinceMs, count: count + 1 });
      if (count < perMinute) return true;
      untold.set(address, (untold.get(address) ?? 0) + 1);
      if (timer === undefined) timer = setTimeout(tell, tellEveryMs).unref();
      return false;
    },
  };
};
