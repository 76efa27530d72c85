// Which beginnings and ends of maintenances are owed to whom, as they are queued, tried, told and given up.
import { expect, it } from 'vitest';
import type { SendResult } from '../../src/sinks/destination.ts';
import {
  afterAttempt,
  claim,
  type Notices,
  phaseOf,
  type QueuedNotice,
  queueFor,
  readNotices,
  settled,
  unended,
} from '../../src/sinks/maintenance-notices.ts';
import { aRecord } from '../support/builders.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const second = 1000;
const none: Notices = { told: [], queued: [] };
const began = { event_id: 'm1', phase: 'began', request_id: 'req' } as const;
const ended = { ...began, phase: 'ended' } as const;
const aNotice = (more: Partial<QueuedNotice> = {}): QueuedNotice => ({
  ...began,
  target: 'a',
  since: nowMs,
  next_at: nowMs,
  attempts: 0,
  ...more,
});
const dueOf = (queued: readonly QueuedNotice[], targets = ['a', 'b'], atMs = nowMs) =>
  claim({ told: [], queued }, targets, atMs).due;

it.each([
  ['scheduled', null, undefined],
  ['in_progress', null, 'began'],
  ['verifying', null, 'began'],
  ['completed', '2026-03-01T12:00:00.000Z', 'ended'],
])('a maintenance that is %s has to be told as: %s, %s', (status, resolvedAt, phase) => {
  expect(phaseOf(aRecord({ resolved_at: resolvedAt }, { facts: { item: 'maintenance', status } }))).toBe(phase);
});

it('each is told once to each, and an end to whoever is told of the beginning', () => {
  const first = queueFor(none, ['a'], began, nowMs);
  expect(first.queued).toEqual([aNotice()]);
  expect(queueFor(first, ['a'], began, nowMs)).toEqual(first);
  const both = queueFor(first, ['a', 'b'], ended, nowMs);
  expect(both.queued.map(({ target, phase }) => `${target} ${phase}`)).toEqual(['a began', 'a ended']);
  const told = settled(both, aNotice());
  expect(queueFor(told, ['a', 'b'], began, nowMs).queued.map(({ target }) => target)).toEqual(['a', 'b']);
  expect(queueFor(settled(none, aNotice()), ['a'], ended, nowMs).queued).toEqual([aNotice(ended)]);
});

it('an end waits for its beginning, and what is claimed is nobody else’s for a minute', () => {
  const queued = [aNotice(), aNotice(ended), aNotice({ target: 'b' }), aNotice({ event_id: 'm2', phase: 'ended' })];
  const { notices, due } = claim({ told: [], queued }, ['a', 'b'], nowMs);
  expect(due).toEqual([queued[0], queued[2], queued[3]]);
  expect(dueOf(notices.queued, ['a', 'b'], nowMs + 59 * second)).toEqual([]);
  expect(dueOf(notices.queued, ['a', 'b'], nowMs + 60 * second)).toHaveLength(3);
});

it('what waits for its time is not claimed, unless that is of before our clock stepped back', () => {
  expect(dueOf([aNotice({ next_at: nowMs + 1 })])).toEqual([]);
  expect(dueOf([aNotice({ next_at: nowMs + 3600 * second })])).toEqual([]);
  expect(dueOf([aNotice({ next_at: nowMs + 3600 * second + 1 })])).toHaveLength(1);
});

it('twenty are claimed at once', () => {
  expect(dueOf(Array.from({ length: 21 }, (_, n) => aNotice({ event_id: `m${n}` })))).toHaveLength(20);
});

it('what is owed to a destination that is not there waits an hour for it', () => {
  const gone = aNotice({ target: 'gone', since: nowMs - 3600 * second });
  const left = (notice: QueuedNotice, atMs = nowMs) => claim({ told: [], queued: [notice] }, ['a'], atMs);
  expect(left(gone)).toEqual({ notices: { told: [], queued: [gone] }, due: [] });
  expect(left(gone, nowMs + 1).notices.queued).toEqual([]);
  expect(left({ ...gone, target: 'a' }, nowMs + 1).due).toHaveLength(1);
});

const failed = (retryAfterMs: number | null = null, outcome: 'transient' | 'permanent' = 'transient'): SendResult => ({
  outcome,
  statusCode: 503,
  error: 'no',
  retryAfterMs,
});

it.each<[string, SendResult, Partial<QueuedNotice>, number | undefined]>([
  ['after 10 seconds first', failed(), {}, 10],
  ['after a minute then', failed(), { attempts: 1 }, 60],
  ['every five minutes at last', failed(), { attempts: 2 }, 300],
  ['when it is asked to', failed(90 * second), {}, 90],
  ['not earlier than by itself', failed(second), {}, 10],
  ['no more after an hour', failed(), { since: nowMs - 3590 * second - 1 }, undefined],
  ['a last time within the hour', failed(), { since: nowMs - 3590 * second }, 10],
  ['no more when it was refused for good', failed(null, 'permanent'), {}, undefined],
  ['no more when it was told', { outcome: 'delivered', statusCode: 202 }, {}, undefined],
])('is tried again %s', (_when, result, more, afterSeconds) => {
  const notice = aNotice(more);
  expect(afterAttempt(notice, result, nowMs)).toEqual(
    afterSeconds === undefined
      ? undefined
      : { ...notice, next_at: nowMs + afterSeconds * second, attempts: notice.attempts + 1 },
  );
});

it('a thousand are remembered, the newest, each once', () => {
  const told = Array.from({ length: 1001 }, (_, n) => aNotice({ event_id: `m${n}` })).reduce(settled, none);
  expect(told.told).toHaveLength(1000);
  expect(queueFor(told, ['a'], { ...began, event_id: 'm0' }, nowMs).queued).toHaveLength(1);
  expect(queueFor(told, ['a'], { ...began, event_id: 'm1' }, nowMs).queued).toEqual([]);
  expect(settled(told, aNotice({ event_id: 'm500' })).told).toHaveLength(1000);
  const queued = Array.from({ length: 1001 }, (_, n) => ({ ...began, event_id: `m${n}` })).reduce(
    (notices, what) => queueFor(notices, ['a'], what, nowMs),
    none,
  );
  expect([queued.queued.length, queued.queued[0]?.event_id]).toEqual([1000, 'm1']);
});

it('what is under way is remembered, however many others begin and end meanwhile', () => {
  const long = aNotice({ event_id: 'long' });
  const others = Array.from({ length: 501 }, (_, n) => [
    aNotice({ event_id: `m${n}` }),
    aNotice({ ...ended, event_id: `m${n}` }),
  ]);
  const told = [long, ...others.flat()].reduce(settled, none);
  expect(told.told).toHaveLength(1000);
  expect(unended(told)).toEqual(['long']);
  expect(queueFor(told, ['a'], { ...began, event_id: 'long' }, nowMs).queued).toEqual([]);
});

it('what cannot be read is nothing, and what was kept before there was a queue has none', () => {
  expect(readNotices({ told: 'many' })).toEqual(none);
  expect(readNotices({ told: ['x'] })).toEqual({ told: ['x'], queued: [] });
});
