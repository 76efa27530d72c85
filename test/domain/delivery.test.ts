import { expect, it } from 'vitest';
import { createDelivery, type Delivery, isBlocked, isDue, isTold, requeue } from '../../src/domain/delivery.ts';
import { aDelivery } from '../support/builders.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const before = '2026-03-01T11:59:59.999Z';
const exactly = '2026-03-01T12:00:00.000Z';
const after = '2026-03-01T12:00:00.001Z';
const limits = { retryMs: 900_000, leaseMs: 60_000 };
const wanted = {
  alert_id: 'evt_1',
  event_id: 'evt_1',
  event_ids: ['evt_1'],
  destination: 'pagerduty',
  target: 'pagerduty:1f',
  reaches_people: true,
  action: 'trigger',
  reason: 'opened',
  severity: 'critical',
  cycle: 1,
  ordinal: 1,
  request_id: 'req-1',
} as const;

it('a new delivery may be tried at once and knows nothing of attempts', () => {
  expect(createDelivery(wanted, now)).toEqual({
    ...wanted,
    id: expect.stringMatching(/^dlv_[0-9a-f]{32}$/),
    status: 'pending',
    attempts: 0,
    last_error: null,
    created_at: exactly,
    delivered_at: null,
    next_attempt_at: exactly,
    attempt_started_at: null,
    leased_until: null,
    may_have_arrived: false,
  });
});

it('what is created twice has one id, for any request and at any time', () => {
  expect(createDelivery({ ...wanted, request_id: 'req-2' }, now + 5).id).toBe(createDelivery(wanted, now).id);
});

it.each([{ alert_id: 'evt_2' }, { target: 'mock:2e' }, { action: 'resolve' as const }, { ordinal: 2 }])(
  'a delivery with another %j has another id',
  (other) => {
    expect(createDelivery({ ...wanted, ...other }, now).id).not.toBe(createDelivery(wanted, now).id);
  },
);

it('the parts of an id do not run into each other', () => {
  const one = createDelivery({ ...wanted, alert_id: 'a', target: 'bc' }, now);
  const two = createDelivery({ ...wanted, alert_id: 'ab', target: 'c' }, now);
  expect(one.id).not.toBe(two.id);
});

it.each<[string, Partial<Delivery>, boolean]>([
  ['waits for one that was created before it', { ordinal: 1 }, true],
  ['does not wait for one that was created after it', { ordinal: 3 }, false],
  ['waits for one of an earlier opening of the alert', { ordinal: 1, cycle: 0 }, true],
  ['does not wait for one that is delivered', { ordinal: 1, status: 'delivered' }, false],
  ['does not wait for one that failed', { ordinal: 1, status: 'failed' }, false],
  ['does not wait for one that is called off', { ordinal: 1, status: 'superseded' }, false],
  ['does not wait for one of another destination', { ordinal: 1, destination: 'other' }, false],
])('a delivery %s', (_rule, other, blocked) => {
  const delivery = aDelivery({ action: 'resolve', ordinal: 2 });
  expect(isBlocked(delivery, [aDelivery(other), delivery])).toBe(blocked);
});

it.each<[string, Partial<Delivery>, boolean]>([
  ['whose time has come', { next_attempt_at: exactly }, true],
  ['whose time is past', { next_attempt_at: before }, true],
  ['whose time is not come', { next_attempt_at: after }, false],
  ['whose time lies as far ahead as any may', { next_attempt_at: '2026-03-01T12:15:00.000Z' }, false],
  ['whose time lies further ahead: the clock stepped back', { next_attempt_at: '2026-03-01T12:15:00.001Z' }, true],
  ['that has no time to wait for', { next_attempt_at: null }, true],
  ['that is leased by an attempt in flight', { leased_until: after }, false],
  ['whose lease is longer than any: the clock stepped back', { leased_until: '2026-03-01T12:01:00.001Z' }, true],
  ['whose lease just ran out', { leased_until: exactly }, true],
  ['that is delivered', { status: 'delivered' }, false],
  ['that failed', { status: 'failed' }, false],
  ['that is superseded', { status: 'superseded' }, false],
])('whether a delivery %s is due: %j', (_which, overrides, due) => {
  const delivery = aDelivery(overrides);
  expect(isDue(delivery, [delivery], now, limits)).toBe(due);
});

it('a delivery whose attempt has begun waits for its lease alone, which ends by the clock that it was written by', () => {
  const begun = aDelivery({ next_attempt_at: after, attempt_started_at: exactly, leased_until: exactly });
  expect(isDue(begun, [begun], now, limits)).toBe(true);
  expect(isDue(begun, [begun], now, { ...limits, leaseNowMs: now - 1 })).toBe(false);
  expect(isDue(begun, [begun], now - 60_000, { ...limits, leaseNowMs: now })).toBe(true);
  const waiting = aDelivery({ next_attempt_at: after });
  expect(isDue(waiting, [waiting], now, { ...limits, leaseNowMs: now + 3_600_000 })).toBe(false);
});

it('a resolve is due only when its trigger is no longer pending', () => {
  const resolve = aDelivery({ action: 'resolve', ordinal: 1 });
  expect(isDue(resolve, [aDelivery(), resolve], now, limits)).toBe(false);
  expect(isDue(resolve, [aDelivery({ status: 'delivered' }), resolve], now, limits)).toBe(true);
});

it('what failed and is tried once more may be tried at once, and remembers what went before', () => {
  const failed = aDelivery({
    status: 'failed',
    attempts: 7,
    last_error: 'HTTP 403',
    may_have_arrived: true,
    next_attempt_at: null,
  });
  const again = requeue(failed, 'req-again', now);
  expect(again).toEqual({
    ...failed,
    status: 'pending',
    retried_at: exactly,
    next_attempt_at: exactly,
    request_id: 'req-again',
  });
  expect(isDue(again, [again], now, limits)).toBe(true);
});

it.each([
  ['waits', 'pending', false, true],
  ['was accepted', 'delivered', false, true],
  ['was refused', 'failed', false, false],
  ['got no answer, and was given up', 'failed', true, true],
  ['was called off', 'superseded', false, false],
  ['got no answer, and was called off', 'superseded', true, true],
] as const)('a delivery that %s: told is %#', (_what, status, mayHaveArrived, told) => {
  expect(isTold(aDelivery({ status, may_have_arrived: mayHaveArrived }))).toBe(told);
});
