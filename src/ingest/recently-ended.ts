// For documents that list their history too: what ended long ago is left out, or each poll would see years of it again.
import type * as z from 'zod';
import { dayMs } from '../lib/time.ts';
import type { Incident } from './status-page.ts';

/** Who was away for a few days still learns when each incident ended. */
const weekMs = 7 * dayMs;

type Times = Pick<Incident, 'isOver' | 'resolvedAt' | 'startedAt'>;

/** Whether an incident goes on, or ended lately enough that we may not know it yet. */
export const isWorthListing =
  (nowMs: number) =>
  ({ isOver, resolvedAt, startedAt }: Times): boolean => {
    if (!isOver) return true;
    const time = resolvedAt ?? startedAt;
    return time !== null && nowMs - Date.parse(time) < weekMs;
  };

/** The same, before anything but its times is read of an item: an odd one of years ago must not cast doubt on the rest. */
export const isWorthReading = (nowMs: number, timesSchema: z.ZodType<Times>) => {
  const isWorth = isWorthListing(nowMs);
  return (item: unknown): boolean => {
    const { success, data } = timesSchema.safeParse(item);
    return !success || isWorth(data);
  };
};
