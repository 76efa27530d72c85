// When to fetch what was missed: after each start, and whenever this process was halted.
import { createHaltWatch } from '../../lib/halt-watch.ts';
import type { Log } from '../../lib/log.ts';
import { toIso } from '../../lib/time.ts';
import type { Backfill } from './backfill.ts';

/** A process that does nothing for longer was halted: its machine slept. */
const haltedAfterMs = 5 * 60_000;
/** How often `look` is to be called. */
export const lookIntervalMs = 30_000;

export interface Backfills {
  start(): void;
  /** Starts them anew if the process was halted since the last look. Never rejects. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export const createBackfills = (all: readonly Backfill[], log: Log, now: () => number): Backfills => {
  const haltedSince = createHaltWatch(now, lookIntervalMs + haltedAfterMs);
  return {
    start() {
      for (const backfill of all) backfill.start();
      // A start may have waited long for its store.
      haltedSince();
    },
    async look() {
      const sinceMs = haltedSince();
      if (sinceMs === undefined) return;
      log.warn({ since: toIso(sinceMs) }, 'process.was_halted');
      for (const backfill of all) backfill.start(sinceMs);
    },
    async stop() {
      await Promise.all(all.map((backfill) => backfill.stop()));
    },
  };
};
