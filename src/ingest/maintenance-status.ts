import { hasCome } from '../lib/time.ts';

/** The status of a maintenance that has no phase of its own: its times tell. */
export const maintenanceStatus = (startsAt: string | null, endsAt: string | null, nowMs: number): string => {
  if (hasCome(endsAt, nowMs)) return 'completed';
  return startsAt === null || hasCome(startsAt, nowMs) ? 'in_progress' : 'scheduled';
};
