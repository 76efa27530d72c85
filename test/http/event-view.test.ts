import { expect, it } from 'vitest';
import type { Attempt, Delivery } from '../../src/domain/delivery.ts';
import { viewEvent, viewEventDetail } from '../../src/http/event-view.ts';
import { aDelivery, anEvent, aRecord } from '../support/builders.ts';

const eventId = 'evt_1';
const delivery = (ordinal: number, more: Partial<Delivery> = {}): Delivery =>
  aDelivery({ event_id: eventId, alert_id: eventId, event_ids: [eventId], ordinal, ...more });
const record = aRecord({ event_id: eventId }, { alert_id: eventId, routed: true });
const attempt = (number: number, outcome: Attempt['outcome']): Attempt => ({
  number,
  started_at: '2026-03-01T12:00:00.000Z',
  duration_ms: 1,
  outcome,
  status_code: 202,
  error: null,
});

// Told, resolved, opened again: the second trigger still waits.
const first = delivery(1, { status: 'delivered', attempts: 2, delivered_at: '2026-03-01T12:00:00.000Z' });
const noted = delivery(2, {
  action: 'resolve',
  status: 'delivered',
  attempts: 1,
  delivered_at: '2026-03-01T13:00:00.000Z',
});
/** As the version before has written it, which did not note whether its alert was opened again. */
const { was_reopened: _wasReopened, ...closed } = noted;
const second = delivery(3, {
  cycle: 2,
  attempts: 1,
  last_error: 'HTTP 503',
  next_attempt_at: '2026-03-01T14:00:00.000Z',
});

it.each([
  ['oldest first', [first, closed, second]],
  ['newest first', [second, first, closed]],
])('an event that was sent twice has one row for each action, in the state of the newest (%s)', (_, deliveries) => {
  expect(viewEvent({ record, deliveries, rawJson: null })).toMatchObject({
    delivered_to: ['pagerduty'],
    deliveries: [
      {
        id: second.id,
        destination: 'pagerduty',
        action: 'trigger',
        status: 'pending',
        attempts: 3,
        last_error: 'HTTP 503',
        delivered_at: null,
        next_attempt_at: '2026-03-01T14:00:00.000Z',
      },
      { destination: 'pagerduty', action: 'resolve', status: 'delivered', attempts: 1 },
    ],
  });
});

it('of an event that goes on as less, what was told of the alert that eased is of its last time', () => {
  const earlierOf = (...deliveries: Delivery[]) =>
    viewEvent({ record, deliveries, rawJson: null }).deliveries.map(({ action, earlier }) => [action, earlier]);
  const eased = { ...closed, reason: 'eased' } as const;
  expect(earlierOf(first, eased)).toEqual([
    ['trigger', false],
    ['resolve', false],
  ]);
  expect(earlierOf(second, eased, first)).toEqual([
    ['trigger', false],
    ['resolve', true],
  ]);
  expect(earlierOf(first, closed)).toEqual([
    ['trigger', true],
    ['resolve', true],
  ]);
});

it('what was told before an alert was opened again is of an earlier time, and only that', () => {
  const earlierOf = (of: typeof record, ...deliveries: Delivery[]) =>
    viewEvent({ record: of, deliveries, rawJson: null }).deliveries.map(({ earlier }) => earlier);
  const before = { ...noted, was_reopened: true };
  // It eased, and came back under a silence: nothing was told since.
  expect(earlierOf(record, first, { ...before, reason: 'eased' })).toEqual([true, true]);
  expect(earlierOf(record, first, { ...noted, reason: 'eased' })).toEqual([false, false]);
  // It has ended, and another event has opened the alert again.
  const ended = aRecord({ event_id: eventId, resolved_at: '2026-03-01T13:00:00.000Z' }, { alert_id: eventId });
  expect(earlierOf(ended, first, before)).toEqual([true, true]);
  expect(earlierOf(ended, first, noted)).toEqual([false, false]);
  // It has begun again as mere information, which opens no alert again.
  expect(earlierOf(record, first, noted)).toEqual([false, false]);
});

it('the attempts of all its deliveries are numbered through', () => {
  const attempts = new Map([
    [second.id, [attempt(1, 'transient')]],
    [first.id, [attempt(1, 'unknown'), attempt(2, 'delivered')]],
  ]);
  const { deliveries } = viewEventDetail({
    record,
    deliveries: [first, closed, second],
    rawJson: null,
    history: [],
    attempts,
  });
  expect(deliveries.map(({ attempt_log: log }) => log.map(({ number, outcome }) => `${number} ${outcome}`))).toEqual([
    ['1 unknown', '2 delivered', '3 transient'],
    [],
  ]);
});

it('the end of an alert counts as delivered for the event that it names alone', () => {
  const end = { ...closed, event_ids: ['another'] };
  expect(viewEvent({ record, deliveries: [end], rawJson: null })).toMatchObject({
    delivered_to: [],
    deliveries: [{ action: 'resolve', status: 'delivered' }],
  });
});

it("the vendor's object is shown where it was read, and else is absent", () => {
  expect(viewEvent({ record, deliveries: [], rawJson: '{"id":"1"}' }).raw).toEqual({ id: '1' });
  expect(viewEvent({ record, deliveries: [], rawJson: null })).not.toHaveProperty('raw');
});

it('a payment is open while its alert is, and a maintenance from its start', () => {
  const stateOf = (...[event, more]: Parameters<typeof aRecord>) =>
    viewEvent({ record: aRecord(event, more), deliveries: [], rawJson: null }).state;
  expect(stateOf({ kind: 'payment' }, { alert_is_open: true })).toBe('open');
  expect(stateOf({ kind: 'payment' }, { alert_is_open: false })).toBe('resolved');
  const traits = { ...record.traits, item: 'maintenance' } as const;
  expect(stateOf({}, { traits, facts: { status: 'scheduled' } })).toBe('resolved');
  expect(stateOf({}, { traits, facts: { status: 'in_progress' } })).toBe('open');
});

it('nothing of how an event is kept is shown', () => {
  const [row] = viewEvent({ record, deliveries: [first], rawJson: 'null' }).deliveries;
  expect(Object.keys(row ?? {})).toEqual([
    'id',
    'destination',
    'action',
    'status',
    'attempts',
    'last_error',
    'delivered_at',
    'next_attempt_at',
    'earlier',
  ]);
  expect(Object.keys(viewEvent({ record, deliveries: [], rawJson: 'null' })).toSorted()).toEqual(
    [
      ...Object.keys(anEvent()),
      ...['facts', 'state', 'alert_id', 'routed', 'delivered_to', 'deliveries', 'routing_reason'],
      ...['first_seen_at', 'last_seen_at', 'seen_count'],
    ].toSorted(),
  );
});
