import { expect, it } from 'vitest';
import { admit, type Delivery, isBlocked, isDue, owe, oweAgain, settle } from '../../src/domain/delivery.ts';
import { aDelivery } from '../support/builders.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const before = '2026-03-01T11:59:59.999Z';
const exactly = '2026-03-01T12:00:00.000Z';
const after = '2026-03-01T12:00:00.001Z';
const owed = {
  event_id: 'evt_1',
  destination: 'pagerduty',
  action: 'trigger',
  cycle: 1,
  reaches_people: true,
  request_id: 'req-1',
} as const;

it('a delivery newly owed may be tried at once and knows nothing of attempts', () => {
  expect(owe(owed, now)).toEqual({
    ...owed,
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

it('what is owed twice has one id, whoever asked for it and whenever', () => {
  expect(owe({ ...owed, request_id: 'req-2' }, now + 5).id).toBe(owe(owed, now).id);
});

it.each([{ event_id: 'evt_2' }, { destination: 'mock' }, { action: 'resolve' as const }, { cycle: 2 }])(
  'a delivery with another %j has another id',
  (other) => {
    expect(owe({ ...owed, ...other }, now).id).not.toBe(owe(owed, now).id);
  },
);

it('the parts of an id do not run into each other', () => {
  const one = owe({ ...owed, event_id: 'a', destination: 'bc' }, now);
  const two = owe({ ...owed, event_id: 'ab', destination: 'c' }, now);
  expect(one.id).not.toBe(two.id);
});

it.each<[string, Partial<Delivery>, Partial<Delivery>, boolean]>([
  ['a resolve never overtakes its trigger', { action: 'resolve' }, { action: 'trigger' }, true],
  ['a trigger does not wait for its resolve', { action: 'trigger' }, { action: 'resolve' }, false],
  ['a second page waits for the end of the first', { action: 'trigger', cycle: 2 }, { action: 'resolve' }, true],
  ['a second page waits for a first that is not sent', { action: 'trigger', cycle: 2 }, { action: 'trigger' }, true],
  ['a first page does not wait for the second', { action: 'resolve' }, { action: 'trigger', cycle: 2 }, false],
  ['a trigger that is delivered blocks nothing', { action: 'resolve' }, { status: 'delivered' }, false],
  ['a trigger that failed blocks nothing', { action: 'resolve' }, { status: 'failed' }, false],
  ['a trigger that is called off blocks nothing', { action: 'resolve' }, { status: 'superseded' }, false],
  ['one destination does not wait for another', { action: 'resolve' }, { destination: 'other' }, false],
])('%s', (_rule, waiting, other, blocked) => {
  const delivery = aDelivery(waiting);
  expect(isBlocked(delivery, [aDelivery(other), delivery])).toBe(blocked);
});

it.each<[string, Partial<Delivery>, boolean]>([
  ['whose time has come', { next_attempt_at: exactly }, true],
  ['whose time is past', { next_attempt_at: before }, true],
  ['whose time is not come', { next_attempt_at: after }, false],
  ['that has no time to wait for', { next_attempt_at: null }, true],
  ['that is leased by an attempt in flight', { leased_until: after }, false],
  ['whose lease just ran out', { leased_until: exactly }, true],
  ['that is delivered', { status: 'delivered' }, false],
  ['that failed', { status: 'failed' }, false],
  ['that is superseded', { status: 'superseded' }, false],
])('whether a delivery %s is due: %j', (_which, overrides, due) => {
  const delivery = aDelivery(overrides);
  expect(isDue(delivery, [delivery], now)).toBe(due);
});

it('a resolve is due only when its trigger is no longer pending', () => {
  const resolve = aDelivery({ action: 'resolve' });
  expect(isDue(resolve, [aDelivery(), resolve], now)).toBe(false);
  expect(isDue(resolve, [aDelivery({ status: 'delivered' }), resolve], now)).toBe(true);
});

it('what is called off waits for nothing', () => {
  const settled = settle([aDelivery(), aDelivery({ action: 'resolve' })]);
  expect(settled.map((delivery) => delivery.next_attempt_at)).toEqual([null, null]);
});

it('deliveries with nothing to call off are given back as they are', () => {
  const deliveries = [aDelivery()];
  expect(settle(deliveries)).toBe(deliveries);
});

it('what failed and is owed again may be tried at once, and remembers what went before', () => {
  const failed = aDelivery({
    status: 'failed',
    attempts: 7,
    last_error: 'HTTP 403',
    may_have_arrived: true,
    next_attempt_at: null,
  });
  const again = oweAgain(failed, 'req-again', now);
  expect(again).toEqual({
    ...failed,
    status: 'pending',
    retried_at: exactly,
    next_attempt_at: exactly,
    request_id: 'req-again',
  });
  expect(isDue(again, [again], now)).toBe(true);
});

it.each([
  ['to a person, and a real PagerDuty', true, true, undefined],
  ['to the mock, and the mock', false, false, undefined],
  ['to the mock, and a real PagerDuty', false, true, 'it was owed to the mock, which is not'],
  ['to a person, and the mock', true, false, 'it was owed to a real PagerDuty, which is not'],
])('a delivery that was owed %s is what is configured by now', (_which, owedToPeople, reachesPeople, refused) => {
  const configured = { reachesPeople };
  const admitted = admit(aDelivery({ reaches_people: owedToPeople }), configured);
  if (refused === undefined) expect(admitted).toEqual({ to: configured });
  else expect(admitted).toEqual({ refused: expect.stringContaining(refused) });
});

it('a delivery to a destination that is gone goes nowhere', () => {
  expect(admit(aDelivery({ destination: 'pager' }), undefined)).toEqual({
    refused: 'the destination "pager" is not configured any more',
  });
});
