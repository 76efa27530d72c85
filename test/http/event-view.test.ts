import { expect, it } from 'vitest';
import { type Attempt, type Delivery, owe } from '../../src/domain/delivery.ts';
import { viewEvent, viewEventDetail } from '../../src/http/event-view.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import { anEvent } from '../contract/sink.ts';

const owed = (action: Delivery['action'], cycle: number, more: Partial<Delivery> = {}): Delivery => ({
  ...owe({ event_id: 'evt_1', destination: 'pagerduty', action, cycle, reaches_people: true, request_id: 'req-1' }, 0),
  ...more,
});
const record = (deliveries: readonly Delivery[]): EventRecord => ({
  event: anEvent(),
  subject: 'evt_1',
  vendor_updated_at: null,
  test_mode: false,
  first_seen_at: '2026-03-01T12:00:00.000Z',
  last_seen_at: '2026-03-01T12:00:00.000Z',
  seen_count: 1,
  version: 1,
  routed_version: 1,
  routed: true,
  routing_reason: null,
  request_id: 'req-1',
  deliveries,
});
const attempt = (number: number, outcome: Attempt['outcome']): Attempt => ({
  number,
  started_at: '2026-03-01T12:00:00.000Z',
  duration_ms: 1,
  outcome,
  status_code: 202,
  error: null,
});

// Paged, resolved, opened again: the second trigger is still owed.
const first = owed('trigger', 1, { status: 'delivered', attempts: 2, delivered_at: '2026-03-01T12:00:00.000Z' });
const closed = owed('resolve', 1, { status: 'delivered', attempts: 1, delivered_at: '2026-03-01T13:00:00.000Z' });
const second = owed('trigger', 2, { attempts: 1, last_error: 'HTTP 503', next_attempt_at: '2026-03-01T14:00:00.000Z' });
const reopened = record([first, closed, second]);

it.each([
  ['oldest first', [first, closed, second]],
  ['newest first', [second, first, closed]],
])('an event that was paged twice has one row for each action, in the state of its newest page (%s)', (_, pages) => {
  expect(viewEvent(record(pages))).toMatchObject({
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

it('the attempts of all its pages are numbered through', () => {
  const attempts = new Map([
    [second.id, [attempt(1, 'transient')]],
    [first.id, [attempt(1, 'unknown'), attempt(2, 'delivered')]],
  ]);
  const { deliveries } = viewEventDetail({ record: reopened, history: [], attempts });
  expect(deliveries.map(({ attempt_log: log }) => log.map(({ number, outcome }) => `${number} ${outcome}`))).toEqual([
    ['1 unknown', '2 delivered', '3 transient'],
    [],
  ]);
});

it('nothing of how a delivery is kept is shown', () => {
  const [row] = viewEvent(record([first])).deliveries;
  expect(Object.keys(row ?? {})).toEqual([
    'id',
    'destination',
    'action',
    'status',
    'attempts',
    'last_error',
    'delivered_at',
    'next_attempt_at',
  ]);
  expect(Object.keys(viewEvent(record([]))).toSorted()).toEqual(
    [
      ...Object.keys(anEvent()),
      ...['routed', 'delivered_to', 'deliveries', 'routing_reason', 'first_seen_at', 'last_seen_at', 'seen_count'],
    ].toSorted(),
  );
});
