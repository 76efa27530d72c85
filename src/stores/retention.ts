// Removes what is older than its retention, a little at a time, so that no commit waits long behind it.
import { toIso } from '../lib/time.ts';
import type { EventStore } from './event-store.ts';

const batch = 500;
const dayMs = 86_400_000;

/**
 * Removes every event first seen more than `days` ago that nothing is owed for, and tells how many there were.
 * Rejects when the store cannot answer; what was removed by then stays removed.
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
