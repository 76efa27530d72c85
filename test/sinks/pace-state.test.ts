import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { SendResult } from '../../src/sinks/destination.ts';
import { finish, freshPace, giveBack, type PaceState, parsePace, take } from '../../src/sinks/pace-state.ts';
import { type Group, groups } from '../../src/sinks/urgency.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');
const probeMs = 18_000;
const accepted: SendResult = { outcome: 'delivered', statusCode: 202 };
const failure = (statusCode: number | null, retryAfterMs: number | null = null): SendResult => ({
  outcome: statusCode === 429 ? 'throttled' : statusCode === null ? 'unknown' : 'transient',
  statusCode,
  error: 'no',
  retryAfterMs,
});

/** Takes as many as there are to have at one moment. */
const takeAll = (state: PaceState, group: Group, perMinute: number, nowMs: number) => {
  let current = state;
  for (let taken = 0; ; taken++) {
    const { state: next, result } = take(current, [group], perMinute, nowMs, probeMs);
    if ('waitMs' in result) return { taken, state: next, waitMs: result.waitMs };
    current = next;
  }
};

it('updates use half of the limit, triggers and resolves 80 %, and critical triggers all of it', () => {
  let state = freshPace;
  const taken = (['update', 'resolve', 'trigger', 'critical'] as const).map((group) => {
    const step = takeAll(state, group, 100, startMs);
    state = step.state;
    return step.taken;
  });
  expect(taken).toEqual([50, 30, 0, 20]);
});

it('a small limit lets each group send at least one', () => {
  expect(takeAll(freshPace, 'update', 1, startMs).taken).toBe(1);
});

it('in any 60 seconds there are no more requests than the limit, however they come', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.constantFrom(...groups)), { maxLength: 150 }),
      (perMinute, steps) => {
        let state = freshPace;
        let nowMs = startMs;
        const sentMs: number[] = [];
        for (const [afterMs, group] of steps) {
          nowMs += afterMs;
          const step = take(state, [group], perMinute, nowMs, probeMs);
          state = step.state;
          if ('group' in step.result) sentMs.push(nowMs);
        }
        for (const from of sentMs)
          expect(sentMs.filter((ms) => ms >= from && ms <= from + 60_000).length).toBeLessThanOrEqual(perMinute);
      },
    ),
  );
});

it('who waits as long as told may send then', () => {
  const { state, waitMs } = takeAll(freshPace, 'critical', 5, startMs + 500);
  expect(waitMs).toBe(60_500);
  expect(take(state, ['critical'], 5, startMs + 500 + waitMs - 1, probeMs).result).toEqual({ waitMs: 1 });
  expect(take(state, ['critical'], 5, startMs + 500 + waitMs, probeMs).result).toEqual({ group: 'critical' });
});

it('who has to wait waits only until enough of the minute is over, and for the first of those that wait', () => {
  const two = take(
    take(freshPace, ['critical'], 2, startMs, probeMs).state,
    ['critical'],
    2,
    startMs + 30_000,
    probeMs,
  );
  expect(take(two.state, ['critical'], 2, startMs + 31_000, probeMs).result).toEqual({ waitMs: 30_000 });
  // Of four, updates may use two.
  expect(take(two.state, ['update'], 4, startMs + 31_000, probeMs).result).toEqual({ waitMs: 30_000 });
  const four = [32_000, 33_000].reduce(
    (state, at) => take(state, ['critical'], 4, startMs + at, probeMs).state,
    two.state,
  );
  expect(take(four, ['critical', 'update'], 4, startMs + 34_000, probeMs).result).toEqual({ waitMs: 27_000 });
  expect(take(four, ['update', 'critical'], 4, startMs + 34_000, probeMs).result).toEqual({ waitMs: 27_000 });
});

it('what was given back can be taken again, and nothing else', () => {
  const { state } = takeAll(freshPace, 'critical', 5, startMs);
  const back = giveBack(state, startMs);
  expect(takeAll(back, 'critical', 5, startMs).taken).toBe(1);
  expect(giveBack(state, startMs + 1000).counts).toEqual(state.counts);
  expect(giveBack(take(freshPace, ['critical'], 5, startMs, probeMs).state, startMs).counts).toEqual([]);
});

it('without a limit nothing is counted', () => {
  expect(take(freshPace, ['update'], null, startMs, probeMs)).toEqual({
    state: freshPace,
    result: { group: 'update' },
  });
});

it('the state stays small, however high the limit is', () => {
  let state = freshPace;
  for (let second = 0; second < 500; second++)
    state = take(state, ['critical'], 1_000_000, startMs + second * 1000, probeMs).state;
  expect(state.counts.length).toBeLessThanOrEqual(62);
  expect(parsePace(JSON.parse(JSON.stringify(state)))).toEqual(state);
});

it('what our clock wrote before it stepped back does not block for ever', () => {
  const { state } = takeAll(freshPace, 'critical', 5, startMs + 3_600_000);
  expect(take(state, ['critical'], 5, startMs, probeMs).result).toEqual({ group: 'critical' });
  const paused = finish(freshPace, failure(429, 900_000), 1000, startMs + 3_600_000);
  expect(take(paused, ['critical'], 5, startMs, probeMs).result).toEqual({ group: 'critical' });
});

it.each<[string, readonly SendResult[], number | null]>([
  ['a 429 without a Retry-After', [failure(429)], 1000],
  ['a 429 with one', [failure(429, 30_000)], 30_000],
  ['any answer with a Retry-After', [{ outcome: 'permanent', statusCode: 400, error: '', retryAfterMs: 5000 }], 5000],
  ['one above 15 minutes', [failure(503, 86_400_000)], 900_000],
  ['one failure by 503', [failure(503)], null],
  ['two of them', [failure(503), failure(503)], 1000],
  ['two time-outs', [failure(null), failure(null)], 1000],
  ['two gateways that gave up waiting', [failure(502), failure(504)], 1000],
  ['two with a success between', [failure(503), accepted, failure(503)], null],
  ['two refusals', [{ outcome: 'permanent', statusCode: 400, error: '', retryAfterMs: null }], null],
  ['two faults of its own', [failure(500), failure(500)], null],
])('%s: pauses for so long', (_, results, pauseMs) => {
  const state = results.reduce((each, result) => finish(each, result, 1000, startMs), freshPace);
  const { result } = take(state, ['critical'], 100, startMs, probeMs);
  expect(result).toEqual(pauseMs === null ? { group: 'critical' } : { waitMs: pauseMs });
});

it('pauses without a Retry-After grow up to a minute, and many failures at once count as one', () => {
  let state = freshPace;
  let nowMs = startMs;
  const lengths: number[] = [];
  for (let round = 0; round < 9; round++) {
    for (let at = 0; at < 8; at++) state = finish(state, failure(null), 1000, nowMs);
    const { result } = take(state, ['critical'], 100, nowMs, probeMs);
    const waitMs = 'waitMs' in result ? result.waitMs : 0;
    lengths.push(waitMs);
    nowMs += waitMs;
    state = take(state, ['critical'], 100, nowMs, probeMs).state;
  }
  expect(lengths).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

it('after a pause one probe at a time goes out, the most serious trigger, until one is answered well', () => {
  const paused = finish(freshPace, failure(429, 10_000), 1000, startMs);
  const atMs = startMs + 10_000;
  const probe = take(paused, ['resolve', 'trigger', 'critical', 'update'], 100, atMs, probeMs);
  expect(probe.result).toEqual({ group: 'critical' });
  expect(take(probe.state, ['critical'], 100, atMs, probeMs).result).toEqual({ waitMs: 1000 });
  // A probe that nobody ended, because its process died, blocks no longer than an attempt may take.
  expect(take(probe.state, ['critical'], 100, atMs + probeMs, probeMs).result).toEqual({ group: 'critical' });

  const failed = finish(probe.state, failure(503), 1000, atMs);
  expect(take(failed, ['critical'], 100, atMs, probeMs).result).toEqual({ waitMs: 2000 });
  const well = finish(take(failed, ['update'], 100, atMs + 2000, probeMs).state, accepted, 1000, atMs + 2000);
  expect(takeAll(well, 'critical', 100, atMs + 2000).taken).toBeGreaterThan(90);
});

it('an answer to what was under way when the pause began does not end it', () => {
  const paused = finish(freshPace, failure(429, 10_000), 1000, startMs);
  const after = finish(paused, accepted, 1000, startMs + 100);
  expect(take(after, ['critical'], 100, startMs + 100, probeMs).result).toEqual({ waitMs: 9900 });
});

it('what was under way when the pause began makes it no longer, unless it asks for that', () => {
  const paused = finish(freshPace, failure(429, 10_000), 1000, startMs);
  const waitOf = (state: PaceState) => take(state, ['critical'], 100, startMs + 9000, probeMs).result;
  expect(waitOf(finish(paused, failure(503), 1000, startMs + 9000))).toEqual({ waitMs: 1000 });
  expect(waitOf(finish(paused, failure(429, 500), 1000, startMs + 9000))).toEqual({ waitMs: 1000 });
  expect(waitOf(finish(paused, failure(429, 5000), 1000, startMs + 9000))).toEqual({ waitMs: 5000 });
});

it('a pause that begins after our clock stepped back is one', () => {
  const later = finish(freshPace, failure(429, 10_000), 1000, startMs + 3_600_000);
  const paused = finish(later, failure(429, 10_000), 1000, startMs);
  expect(take(paused, ['critical'], 100, startMs, probeMs).result).toEqual({ waitMs: 10_000 });
});

it('a probe is only for who waits', () => {
  const paused = finish(freshPace, failure(429, 10_000), 1000, startMs);
  expect(take(paused, ['update'], 100, startMs + 10_000, probeMs).result).toEqual({ group: 'update' });
});

it('a state that cannot be read is a fresh one', () => {
  expect(parsePace({ counts: 'many' })).toEqual(freshPace);
  expect(parsePace(undefined)).toEqual(freshPace);
});
