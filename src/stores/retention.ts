// Removes what is older than its retention, a little at a time, so that no commit waits long behind it.
import { dayMs, toIso } from '../lib/time.ts';
import type { EventStore } from './event-store.ts';

const batch = 500;

/**
 * Removes every event that was first seen more than `days` ago and may go, and tells how many there were; see `prune`.
 * Rejects when the store cannot answer; what was removed before stays removed.
 */
export const applyRetention = async (
  store: Pick<EventStore, 'prune'>,
  days: number,
  nowMs: number,
): Promise<number> => {
  const firstSeenBefore = toIso(nowMs - days * dayMs);
  let removed = 0;
  for (let last = batch; last === batch; removed += last) last = await store.prune(firstSeenBefore, batch);
  return removed;
};
