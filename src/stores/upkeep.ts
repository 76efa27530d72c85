// What is done for a store while the service runs, and what the log says of it.
import { storeKindOf } from '../config/values.ts';
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from './event-store.ts';
import { applyRetention, removesAll } from './retention.ts';

export interface Upkeep {
  /** Removes what is older than it is to be kept; the first time not if that is all there is. Never rejects. */
  retain(): Promise<void>;
  /** Tells the log how much there is, so that another file in its place, or an empty database, is noticed. Never rejects. */
  logSize(): Promise<void>;
}

export const createUpkeep = (
  store: Pick<EventStore, 'prune' | 'size'>,
  { url, retentionDays }: { readonly url: string; readonly retentionDays: number },
  log: Log,
  now: () => number,
): Upkeep => {
  let isFirst = true;

  /** The clock of a machine that has just been started may be far ahead, and put right within minutes. */
  const isDoubtful = async (): Promise<boolean> => {
    if (!isFirst) return false;
    isFirst = false;
    const { newestFirstSeenAt } = await store.size();
    if (!removesAll(newestFirstSeenAt, retentionDays, now())) return false;
    log.warn({ newest_first_seen_at: newestFirstSeenAt, days: retentionDays }, 'retention.postponed');
    return true;
  };

  return {
    async retain() {
      try {
        if (await isDoubtful()) return;
        const removed = await applyRetention(store, retentionDays, now());
        if (removed > 0) log.info({ removed, days: retentionDays }, 'retention.applied');
      } catch (error) {
        log.warn({ error: errorText(error) }, 'retention.failed');
      }
    },
    async logSize() {
      if (storeKindOf(url) === 'memory') return;
      try {
        const { events, newestFirstSeenAt } = await store.size();
        log.info({ events, newest_first_seen_at: newestFirstSeenAt }, 'store.opened');
      } catch (error) {
        log.warn({ error: errorText(error) }, 'store.size_unknown');
      }
    },
  };
};
