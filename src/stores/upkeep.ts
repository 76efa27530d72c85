// The upkeep of a store while the service runs, and its log lines.
import * as z from 'zod';
import { storeKindOf } from '../config/values.ts';
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import { dayMs, toIso } from '../lib/time.ts';
import type { EventStore } from './event-store.ts';
import { applyRetention } from './retention.ts';

export interface Upkeep {
  /** Removes what is older than it is to be kept, of at most one day more than the last time. Never rejects. */
  retain(): Promise<void>;
  /** Tells the log how much there is, so that another file in its place, or an empty database, is noticed. Never rejects. */
  logSize(): Promise<void>;
}

const stateKey = 'retention';
const stateSchema = z.object({ at: z.string().nullable() }).catch({ at: null });

export const createUpkeep = (
  store: Pick<EventStore, 'prune' | 'size' | 'loadState' | 'saveState'>,
  { url, retentionDays }: { readonly url: string; readonly retentionDays: number },
  log: Log,
  now: () => number,
): Upkeep => {
  /** The time as far as it is believed: a clock may be far ahead for a while, and what is removed is gone. */
  const believedMs = async (): Promise<number> => {
    const nowMs = now();
    const { at } = stateSchema.parse(await store.loadState(stateKey));
    // Before the first time the store itself tells when it was used last.
    const last = at ?? (await store.size()).newestFirstSeenAt;
    const lastMs = last === null ? nowMs : Date.parse(last);
    const believed = Math.min(nowMs, lastMs + dayMs);
    if (believed < nowMs) log.warn({ last_at: last, days: retentionDays }, 'retention.postponed');
    // It never falls, or a clock that steps back for a moment would hold back what is removed for as long as that step.
    await store.saveState(stateKey, { at: toIso(Math.max(believed, lastMs)) });
    return believed;
  };

  return {
    async retain() {
      try {
        const removed = await applyRetention(store, retentionDays, await believedMs());
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
