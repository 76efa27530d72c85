// When a status page is asked again by the timer. Pure.
import { hasLasted, type PageMemory } from './page-state.ts';

/** How far a pull may be from its time: pollers that started together drift apart. */
export const jitter = 0.1;

const longestBackoffMs = 300_000;
/** For how long a status page may ask to be left alone. */
const longestRetryAfterMs = 3_600_000;

/** How long a page that failed is left alone: twice as long each time, but never past the time of becoming blind. */
export const backoffMs = (failures: number, intervalMs: number, staleAfterMs: number): number =>
  failures === 0
    ? 0
    : Math.min(intervalMs * 2 ** failures, Math.max(intervalMs, Math.min(longestBackoffMs, staleAfterMs)));

/** It asked to be left alone until later. What lies further ahead than it may was written before our clock stepped back. */
export const isLeftAlone = ({ retry_at, last_attempt_at }: PageMemory, nowMs: number): boolean => {
  if (retry_at === null || last_attempt_at === null) return false;
  const askedMs = Date.parse(last_attempt_at);
  const untilMs = Math.min(Date.parse(retry_at), askedMs + longestRetryAfterMs);
  return nowMs >= askedMs && nowMs < untilMs;
};

/** It has failed for long enough to be blind, and nobody has said so yet. */
export const isNewlyBlind = ({ condition, failing_since }: PageMemory, nowMs: number, staleAfterMs: number): boolean =>
  condition !== 'blind' && failing_since !== null && hasLasted(failing_since, nowMs, staleAfterMs);

export const isDue = (memory: PageMemory, nowMs: number, intervalMs: number, staleAfterMs: number): boolean => {
  if (memory.last_attempt_at === null) return true;
  if (isLeftAlone(memory, nowMs)) return false;
  if (isNewlyBlind(memory, nowMs, staleAfterMs)) return true;
  const sinceMs = nowMs - Date.parse(memory.last_attempt_at);
  // An attempt that lies ahead was made before our clock stepped back.
  if (sinceMs < 0) return true;
  const waitMs = backoffMs(memory.consecutive_failures, intervalMs, staleAfterMs);
  // A tick that comes a jitter too early must not cost a page a whole interval.
  return sinceMs >= waitMs - intervalMs * jitter * 2;
};
