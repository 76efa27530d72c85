// The pace of one destination, as pure functions over a small state that all replicas share: how many requests the last
// 60 seconds saw, and whether it is paused.
import * as z from 'zod';
import { longestWaitMs } from '../domain/delivery.ts';
import { backoffMs } from './backoff.ts';
import type { SendResult } from './destination.ts';
import type { Taken } from './gate.ts';
import { type Group, groups } from './urgency.ts';

const stateSchema = z.object({
  /** Requests by second, oldest first: at most one entry a second, however high the limit. */
  counts: z.array(z.tuple([z.number(), z.number()]).readonly()).readonly(),
  paused_until_ms: z.number().nullable(),
  /** How often it was paused since it was well. Above 0, single requests find out whether it is well again. */
  pauses: z.number(),
  /** Until when a probe is under way. */
  probe_until_ms: z.number().nullable(),
  /** Requests in a row that were not answered, or by 503. */
  unanswered: z.number(),
});
export type PaceState = Readonly<z.infer<typeof stateSchema>>;

export const freshPace: PaceState = {
  counts: [],
  paused_until_ms: null,
  pauses: 0,
  probe_until_ms: null,
  unanswered: 0,
};

export const parsePace = (state: unknown): PaceState => stateSchema.safeParse(state).data ?? freshPace;

/** What a group may use of the limit, so that a critical trigger never waits for the minute to end. */
const shares: Readonly<Record<Group, number>> = { critical: 1, trigger: 0.8, resolve: 0.8, update: 0.5 };
const windowSeconds = 60;
const longestPauseMs = 60_000;
/** Another replica's probe may end at any time. */
const askAgainMs = 1000;

const secondOf = (ms: number): number => Math.floor(ms / 1000);

/** The seconds that reach into the 60 before now; what lies ahead by more was written before our clock stepped back. */
const recent = ({ counts }: PaceState, nowMs: number): PaceState['counts'] =>
  counts.filter(([second]) => Math.abs(secondOf(nowMs) - second) <= windowSeconds);

const capOf = (group: Group, perMinute: number): number => Math.max(1, Math.floor(perMinute * shares[group]));

const sum = (counts: PaceState['counts']): number => counts.reduce((total, [, count]) => total + count, 0);

const countOne = (counts: PaceState['counts'], nowMs: number): PaceState['counts'] => {
  const second = secondOf(nowMs);
  const found = counts.some(([each]) => each === second);
  return found
    ? counts.map(([each, count]) => (each === second ? [each, count + 1] : [each, count]))
    : [...counts, [second, 1] as const].toSorted(([a], [b]) => a - b);
};

/** How long until the group may send one request more. */
const waitOf = (counts: PaceState['counts'], cap: number, nowMs: number): number => {
  let total = sum(counts);
  let freed = 0;
  for (const [second, count] of counts) {
    if (total < cap) break;
    total -= count;
    freed = second;
  }
  return Math.max(1, (freed + windowSeconds + 1) * 1000 - nowMs);
};

const isAhead = (untilMs: number | null, nowMs: number): untilMs is number =>
  // A pause that lies further ahead than the longest possible one is a clock that stepped back.
  untilMs !== null && untilMs > nowMs && untilMs <= nowMs + longestWaitMs;

export interface PaceStep<T> {
  readonly state: PaceState;
  readonly result: T;
}

/**
 * Takes one request for the first of the waiting groups that may send.
 * @param perMinute null for no limit
 * @param probeMs how long a probe may be under way before somebody else makes another
 */
export const take = (
  state: PaceState,
  waiting: readonly Group[],
  perMinute: number | null,
  nowMs: number,
  probeMs: number,
): PaceStep<Taken> => {
  const { paused_until_ms: pausedUntilMs, probe_until_ms: probeUntilMs, pauses } = state;
  const counts = recent(state, nowMs);
  if (isAhead(pausedUntilMs, nowMs)) return { state, result: { waitMs: pausedUntilMs - nowMs } };
  const isProbing = pauses > 0;
  if (isProbing && isAhead(probeUntilMs, nowMs))
    return { state, result: { waitMs: Math.min(probeUntilMs - nowMs, askAgainMs) } };
  const order = isProbing ? groups.filter((group) => waiting.includes(group)) : waiting;
  const total = sum(counts);
  const group = order.find((each) => perMinute === null || total < capOf(each, perMinute));
  if (group === undefined) {
    const waits = order.map((each) => waitOf(counts, capOf(each, perMinute ?? 1), nowMs));
    return { state, result: { waitMs: Math.min(...waits) } };
  }
  return {
    state: {
      ...state,
      counts: perMinute === null ? [] : countOne(counts, nowMs),
      paused_until_ms: null,
      probe_until_ms: isProbing ? nowMs + probeMs : null,
    },
    result: { group },
  };
};

/** Gives back a request that was taken at `takenMs` and not made. */
export const giveBack = (state: PaceState, takenMs: number): PaceState => ({
  ...state,
  counts: state.counts.flatMap(([second, count]) =>
    second !== secondOf(takenMs) ? [[second, count] as const] : count > 1 ? [[second, count - 1] as const] : [],
  ),
  probe_until_ms: null,
});

/** Whether nobody answered for the destination: it is away or overloaded, and the message is not the cause. */
const isUnanswered = (result: SendResult): boolean =>
  result.outcome !== 'delivered' && (result.statusCode === null || [502, 503, 504].includes(result.statusCode));

const isToldToWait = (result: SendResult): boolean =>
  result.outcome === 'throttled' || (result.outcome !== 'delivered' && result.retryAfterMs !== null);

/**
 * What the end of a request means. A 429, a Retry-After, and the second failure in a row for want of an answer begin a
 * pause; after it, a probe that is answered without such a wish ends it. What was under way when it began does not.
 */
export const finish = (state: PaceState, result: SendResult, retryMinMs: number, nowMs: number): PaceState => {
  const unanswered = isUnanswered(result) ? state.unanswered + 1 : 0;
  const isPausedNow = isAhead(state.paused_until_ms, nowMs);
  const isBad = isToldToWait(result) || unanswered >= 2 || (unanswered > 0 && state.pauses > 0);
  if (!isBad && isPausedNow) return { ...state, unanswered };
  if (!isBad) return { ...state, unanswered, pauses: 0, paused_until_ms: null, probe_until_ms: null };
  // Of several requests that were under way, all but the first tell nothing new, unless they ask for longer.
  const pauses = isPausedNow ? state.pauses : state.pauses + 1;
  const askedMs = result.outcome === 'delivered' ? null : result.retryAfterMs;
  const ownMs = isPausedNow ? 0 : backoffMs(pauses, { retryMinMs, retryMaxMs: longestPauseMs }, 1);
  const untilMs = nowMs + Math.min(askedMs ?? ownMs, longestWaitMs);
  return {
    ...state,
    unanswered,
    pauses,
    paused_until_ms: Math.max(untilMs, isPausedNow ? (state.paused_until_ms ?? 0) : 0),
    probe_until_ms: null,
  };
};
