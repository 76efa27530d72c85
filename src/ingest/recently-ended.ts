// For documents that list their history too: what ended long ago is left out, or each poll would see years of it again.
import type { Incident } from './status-page.ts';

/** Who was away for a few days still learns when each incident ended. */
const weekMs = 7 * 86_400_000;

/** Whether an incident goes on, or ended lately enough that we may not know it yet. */
export const isWorthListing =
  (nowMs: number, keepsEndedForMs = weekMs) =>
  ({ isOver, resolvedAt, startedAt }: Pick<Incident, 'isOver' | 'resolvedAt' | 'startedAt'>): boolean => {
    if (!isOver) return true;
    const time = resolvedAt ?? startedAt;
    return time !== null && nowMs - Date.parse(time) < keepsEndedForMs;
  };
