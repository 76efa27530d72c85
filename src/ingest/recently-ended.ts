// For documents that list their history too: what ended long ago is left out, or each poll would see years of it again.
import type { Incident } from './status-page.ts';

/** Whether an incident goes on, or ended lately enough that we may not know it yet. */
export const isWorthListing =
  (nowMs: number, keepsEndedForMs: number) =>
  ({ isOver, resolvedAt, startedAt }: Pick<Incident, 'isOver' | 'resolvedAt' | 'startedAt'>): boolean => {
    if (!isOver) return true;
    const time = resolvedAt ?? startedAt;
    return time !== null && nowMs - Date.parse(time) < keepsEndedForMs;
  };
