import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import type { RoutingRules } from '../../src/pipeline/routing.ts';
import type { Topics } from '../../src/pipeline/topics.ts';
import { createRetrier, decideRetry } from '../../src/sinks/manual-retry.ts';
import type { EventRecord, Found } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aDelivery, aRecord } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';
import { collectLog } from '../support/log.ts';

const at = '2026-03-01T12:00:00.000Z';
const nowMs = Date.parse(at);
const rules: RoutingRules = {
  routeWarning: false,
  routeTestMode: false,
  destinations: [{ name: 'pagerduty', reachesPeople: true }],
};
const failed = aDelivery({ status: 'failed', attempts: 3, last_error: 'HTTP 403', next_attempt_at: null });
const failedResolve = aDelivery({ action: 'resolve', status: 'failed', next_attempt_at: null });
const over = { resolved_at: '2026-03-01T11:50:00.000Z' };

const decide = (found: Found, id: string, more: Partial<RoutingRules> = {}) =>
  decideRetry(found, id, { ...rules, ...more }, 'req-again', nowMs);
const owing = (deliveries: readonly Delivery[], event: Partial<UnifiedEvent> = {}): EventRecord =>
  aRecord(event, { deliveries });

it('a trigger that failed is owed again, and the history says who asked for it', () => {
  const other = aDelivery({ destination: 'other', status: 'failed' });
  const { result, record, history } = decide(owing([failed, other]), failed.id);
  const again = {
    ...failed,
    status: 'pending',
    retried_at: at,
    next_attempt_at: at,
    request_id: 'req-again',
  };
  expect(result).toEqual({ kind: 'retried', delivery: again });
  expect(record?.deliveries).toEqual([again, other]);
  expect(history).toEqual([
    {
      at,
      change: 'delivery_retried',
      request_id: 'req-again',
      reason: 'retried by hand',
      destination: 'pagerduty',
      action: 'trigger',
      fields: { status: { old: 'failed', new: 'pending' } },
    },
  ]);
});

it('what is owed again is not owed a third time', () => {
  const { record } = decide(owing([failed]), failed.id);
  expect(decide(record, failed.id)).toEqual({ result: { kind: 'unchanged', delivery: record?.deliveries[0] } });
});

it.each(['pending', 'delivered'] as const)('a delivery that is %s stays as it is', (status) => {
  const delivery = aDelivery({ status });
  expect(decide(owing([delivery]), delivery.id)).toEqual({ result: { kind: 'unchanged', delivery } });
});

const mock: RoutingRules['destinations'] = [{ name: 'pagerduty', reachesPeople: false }];
const toMock = aDelivery({ status: 'failed', reaches_people: false });
const calledOff = aDelivery({ status: 'superseded' });
it.each<[string, EventRecord, Delivery, Partial<RoutingRules>, string]>([
  ['a trigger whose event is over', owing([failed], over), failed, {}, 'its event is over'],
  ['a trigger with a later page', owing([failed, aDelivery({ cycle: 2 })]), failed, {}, 'sent anew'],
  ['a trigger whose page was closed', owing([failed, aDelivery({ action: 'resolve' })]), failed, {}, 'closed'],
  ['a trigger that fell to a warning', owing([failed], { severity: 'warning' }), failed, {}, 'ROUTE_WARNING'],
  ['a trigger of test mode', aRecord({}, { test_mode: true, deliveries: [failed] }), failed, {}, 'ROUTE_TEST_MODE'],
  ['a resolve whose event is open again', owing([failedResolve]), failedResolve, {}, 'open again'],
  ['what was called off', owing([calledOff]), calledOff, {}, 'called off'],
  ['what was owed to the mock', owing([toMock]), toMock, {}, 'it was owed to the mock'],
  ['what was owed to a person', owing([failed]), failed, { destinations: mock }, 'it was owed to a real PagerDuty'],
  ['what was owed to nobody known', owing([failed]), failed, { destinations: [] }, 'not configured any more'],
])('%s is not sent again, and changes nothing', (_which, found, { id }, more, reason) => {
  expect(decide(found, id, more)).toEqual({ result: { kind: 'refused', reason: expect.stringContaining(reason) } });
});

it.each<[string, EventRecord, Delivery, Partial<RoutingRules>]>([
  ['a resolve', owing([failedResolve], over), failedResolve, {}],
  [
    'a resolve of what is not routed any more',
    owing([failedResolve], { ...over, severity: 'info' }),
    failedResolve,
    {},
  ],
  ['a resolve with a later page', owing([failedResolve, aDelivery({ cycle: 2 })], over), failedResolve, {}],
  ['a trigger to the mock', owing([toMock]), toMock, { destinations: mock }],
  ['a warning that is routed', owing([failed], { severity: 'warning' }), failed, { routeWarning: true }],
  ['a trigger beside another destination’s', owing([failed, aDelivery({ destination: 'b', cycle: 2 })]), failed, {}],
])('%s may be sent again', (_which, found, { id }, more) => {
  expect(decide(found, id, more).result).toMatchObject({ kind: 'retried' });
});

it.each<[string, Found]>([
  ['an unknown event', undefined],
  ['a forgotten one', 'forgotten'],
  ['an event without it', owing([])],
])('a delivery of %s is unknown', (_which, found) => {
  expect(decide(found, failed.id)).toEqual({ result: { kind: 'unknown' } });
});

const setUp = async (records: readonly EventRecord[]) => {
  const store = createMemoryStore({ eventCapacity: 1000, dedupeCapacity: 1000 });
  for (const record of records) await store.change(record.event.event_id, () => ({ result: undefined, record }));
  const bus = createBus();
  const queued: Topics['delivery.queued'][] = [];
  bus.on('delivery.queued', (message) => queued.push(message));
  const logged = collectLog();
  return { store, queued, logged, retrier: createRetrier(store, bus, rules, logged.log, createClock(at).now) };
};

it('a delivery that is owed again is announced on the bus, and written down', async () => {
  const { retrier, queued, logged } = await setUp([owing([failed])]);
  expect(await retrier.retry(failed.id, 'req-again')).toMatchObject({ kind: 'retried' });
  expect(queued).toEqual([
    {
      signalId: expect.any(String),
      requestId: 'req-again',
      eventId: failed.event_id,
      deliveryIds: [failed.id],
      triggered: false,
    },
  ]);
  expect(logged.of('delivery.retried')).toMatchObject([{ request_id: 'req-again', delivery_id: failed.id }]);
});

it('of fifty who retry a delivery at once, one owes it, and it is announced once', async () => {
  const { retrier, queued } = await setUp([owing([failed])]);
  const results = await Promise.all(Array.from({ length: 50 }, () => retrier.retry(failed.id, 'req-again')));
  expect(results.filter(({ kind }) => kind === 'retried')).toHaveLength(1);
  expect(results.filter(({ kind }) => kind === 'unchanged')).toHaveLength(49);
  expect(queued).toHaveLength(1);
});

it('an id that no delivery has is unknown', async () => {
  const { retrier } = await setUp([]);
  expect(await retrier.retry('dlv_1', 'req-again')).toEqual({ kind: 'unknown' });
});

it('all that failed is retried, page after page, from a moment on, and what may not be sent is counted', async () => {
  const day = (index: number) => `2026-02-${index < 125 ? '01' : '02'}T12:00:00.000Z`;
  const records = Array.from({ length: 250 }, (_, index) => {
    const event_id = `evt_${index}`;
    const delivery = aDelivery({ event_id, status: index % 5 === 4 ? 'delivered' : 'failed' });
    const event = { event_id, resolved_at: index % 5 === 3 ? at : null };
    return aRecord(event, { first_seen_at: day(index), deliveries: [delivery] });
  });
  const { retrier, queued } = await setUp(records);
  expect(await retrier.retryAll('2026-02-02T00:00:00.000Z', 'req-all')).toEqual({ retried: 75, skipped: 25 });
  expect(await retrier.retryAll(undefined, 'req-all')).toEqual({ retried: 75, skipped: 50 });
  expect(await retrier.retryAll(undefined, 'req-all')).toEqual({ retried: 0, skipped: 50 });
  expect(queued).toHaveLength(150);
});
