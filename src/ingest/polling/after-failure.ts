// What is known of a status page after a fetch from which nothing was learned. Pure.
import { toIso } from '../../lib/time.ts';
import { hasLasted, type PageMemory, sinceOr } from './page-state.ts';

export const learnedNothing = (
  memory: PageMemory,
  condition: 'stale' | 'failing',
  nowMs: number,
  staleAfterMs: number,
): PageMemory => {
  // The event of a blindness is named after its beginning, which must not move while it lasts.
  const wasBlind = memory.condition === 'blind' && memory.failing_since !== null;
  const failingSince = wasBlind ? memory.failing_since : sinceOr(memory.failing_since, nowMs);
  const isBlind = wasBlind || (failingSince !== null && hasLasted(failingSince, nowMs, staleAfterMs));
  return {
    ...memory,
    condition: isBlind ? 'blind' : condition,
    last_attempt_at: toIso(nowMs),
    failing_since: failingSince,
    candidate: null,
    candidates: [],
    retry_at: null,
    stale_since: null,
  };
};

/** @param retryAfterMs how long the status page asked to be left alone */
export const afterFailure = (
  memory: PageMemory,
  error: string,
  nowMs: number,
  staleAfterMs: number,
  retryAfterMs: number | null = null,
): PageMemory => ({
  ...learnedNothing(memory, 'failing', nowMs, staleAfterMs),
  last_error: error,
  consecutive_failures: memory.consecutive_failures + 1,
  retry_at: retryAfterMs === null ? null : toIso(nowMs + retryAfterMs),
});

/** A status page that was not asked because it wants to be left alone, and that has become blind meanwhile. */
export const afterSilence = (memory: PageMemory, nowMs: number, staleAfterMs: number): PageMemory => {
  const { retry_at, last_attempt_at } = memory;
  return { ...learnedNothing(memory, 'failing', nowMs, staleAfterMs), retry_at, last_attempt_at };
};
