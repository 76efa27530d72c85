import { expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import { decideAlert } from '../../src/domain/decide-alert.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import type { Topics } from '../../src/pipeline/topics.ts';
import type { Destination } from '../../src/sinks/destination.ts';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { createRetrier, decideRetry } from '../../src/sinks/manual-retry.ts';
import { createClock } from '../support/clock.ts';
import { createDeliveryStore } from '../support/delivery-store.ts';
import { collectLog } from '../support/log.ts';
import { aPager } from '../support/pager.ts';
import { aDelivery, aMember, anAlert } from '../support/telling.ts';
import { aPolicy } from '../support/world.ts';

const at = '2026-03-01T14:00:00.000Z';
const nowMs = Date.parse(at);

const pager = aPager();

const gone = { status: 'failed', next_attempt_at: null } as const;
const failed = aDelivery({ ...gone, attempts: 3, last_error: 'HTTP 403' });
const failedUpdate = aDelivery({ ...gone, action: 'update', ordinal: 2 });
const failedResolve = aDelivery({ ...gone, action: 'resolve', ordinal: 3 });
const over = { state: 'resolved', resolved_at: at } as const;

const decide = (alert: Alert | undefined, id: string, destinations: readonly Destination[] = [pager]) =>
  decideRetry(alert, id, createDestinations(destinations), 'req-again', nowMs);
const having = (deliveries: readonly Delivery[], more: Partial<Alert> = {}): Alert => anAlert({ deliveries, ...more });

it('a trigger that failed is tried again, and the history says who asked for it', () => {
  const other = aDelivery({ ...gone, target: 'test:other', destination: 'other' });
  const { result, alerts } = decide(having([failed, other]), failed.id);
  const again = { ...failed, status: 'pending', retried_at: at, next_attempt_at: at, request_id: 'req-again' };
  expect(result).toEqual({ kind: 'retried', delivery: again });
  expect(alerts?.[0]?.alert.deliveries).toEqual([again, other]);
  expect(alerts?.[0]?.history).toEqual([
    {
      at,
      change: 'delivery_retried',
      request_id: 'req-again',
      event_id: 'evt_1',
      reason: 'retried manually',
      destination: 'pager',
      action: 'trigger',
      fields: { status: { old: 'failed', new: 'pending' } },
    },
  ]);
});

it('an open alert is looked at again after a retry, so that what joined meanwhile is told there too', () => {
  const other = aMember({ event_id: 'evt_2' });
  const retried = decide(having([failed], { members: [aMember(), other] }), failed.id).alerts?.[0]?.alert;
  expect(retried?.wake_at).toBe(at);
  const policy = aPolicy({ destinations: [pager] });
  const next = decideAlert({
    alert: anAlert(retried),
    members: [],
    endings: [],
    cause: 'time',
    policy,
    nowMs,
    requestId: 'req',
  });
  const told = next.alert.deliveries.map(({ action, status, event_ids: ids }) => [action, status, ids]);
  expect(told).toEqual([
    ['trigger', 'pending', ['evt_1']],
    ['update', 'pending', ['evt_2']],
  ]);
  expect(decide(having([failedResolve], over), failedResolve.id).alerts?.[0]?.alert.wake_at).toBe(null);
});

it.each(['pending', 'delivered'] as const)('a delivery that is %s stays as it is', (status) => {
  const delivery = aDelivery({ status });
  expect(decide(having([delivery]), delivery.id)).toEqual({ result: { kind: 'unchanged', delivery } });
});

const cancelled = aDelivery({ status: 'superseded' });
const toMock = aDelivery({ ...gone, target: 'legacy:mock', reaches_people: false });
const anew = aDelivery({ ordinal: 4, cycle: 2 });
const calmed = aMember();
const unsent = { ...calmed, ruling: { ...calmed.ruling, send: [], because: 'warnings are not sent' } };
it.each<[string, Alert, Delivery, readonly Destination[], string]>([
  ['a trigger whose alert is resolved', having([failed], over), failed, [pager], 'the alert is resolved'],
  [
    'an update whose alert is resolved',
    having([failedUpdate], over),
    failedUpdate,
    [pager],
    'nobody is told of what is over',
  ],
  ['a trigger of an earlier opening', having([failed, anew], { cycle: 2 }), failed, [pager], 'opened again since'],
  [
    'a trigger that was followed by another',
    having([failed, aDelivery({ ordinal: 2 })]),
    failed,
    [pager],
    'told of this alert again',
  ],
  [
    'an update that was followed by another',
    having([failedUpdate, aDelivery({ action: 'update', ordinal: 4 })]),
    failedUpdate,
    [pager],
    'told of this alert again',
  ],
  [
    'what the rules do not send any more',
    having([failed], { members: [unsent] }),
    failed,
    [pager],
    'warnings are not sent',
  ],
  ['a resolve whose alert is open again', having([failedResolve]), failedResolve, [pager], 'open again'],
  ['what was cancelled', having([cancelled]), cancelled, [pager], 'it was cancelled'],
  ['what was queued for the mock', having([toMock]), toMock, [pager], 'queued for the mock'],
  ['what nobody configures any more', having([failed]), failed, [], 'no longer configured'],
  ['what went to another key', having([failed]), failed, [{ ...pager, target: 'test:new' }], 'another key or address'],
])('%s is not sent again, and changes nothing', (_which, alert, { id }, destinations, reason) => {
  expect(decide(alert, id, destinations)).toEqual({
    result: { kind: 'refused', reason: expect.stringContaining(reason) },
  });
});

it.each<[string, Alert, Delivery]>([
  ['a resolve', having([failedResolve], over), failedResolve],
  ['an update whose trigger arrived', having([aDelivery({ status: 'delivered' }), failedUpdate]), failedUpdate],
  ['a trigger beside another destination’s', having([failed, aDelivery({ target: 'b', ordinal: 2 })]), failed],
  ['a trigger that was followed by one that failed too', having([failed, aDelivery({ ...gone, ordinal: 2 })]), failed],
  [
    'what stands in for another destination',
    having([{ ...failed, reason: 'fallback' }], { members: [unsent] }),
    failed,
  ],
])('%s may be sent again', (_which, alert, { id }) => {
  expect(decide(alert, id).result).toMatchObject({ kind: 'retried' });
});

it('what was told at the end of a window may be sent again, and not before it', () => {
  const later = (endsAt: string) =>
    aMember({ ruling: { ...calmed.ruling, send: [], at_end_of_window: ['pager'], window_ends_at: endsAt } });
  expect(decide(having([failed], { members: [later(at)] }), failed.id).result.kind).toBe('retried');
  expect(decide(having([failed], { members: [later('2026-03-01T15:00:00.000Z')] }), failed.id).result.kind).toBe(
    'refused',
  );
});

it('what failed before its destination was renamed may be sent again', () => {
  const member = aMember({ ruling: { ...calmed.ruling, send: ['duty'] } });
  const { result } = decide(having([failed], { members: [member] }), failed.id, [aPager({ name: 'duty' })]);
  expect(result.kind).toBe('retried');
});

it('what one that stands in for another was told beside the first may be sent again', () => {
  const backup = aPager({ name: 'backup', target: 'test:backup' });
  const pagerWithBackup = aPager({ fallback: { to: 'backup', afterMs: 300_000 } });
  const to = { destination: 'backup', target: 'test:backup' } as const;
  const first = aDelivery({ ...to, status: 'delivered', reason: 'fallback', severity: 'warning' });
  const louder = aDelivery({ ...gone, ...to, reason: 'louder', ordinal: 2 });
  const { result } = decide(having([first, louder]), louder.id, [pagerWithBackup, backup]);
  expect(result.kind).toBe('retried');
});

it.each<[string, Alert | undefined]>([
  ['an unknown alert', undefined],
  ['an alert without it', having([])],
])('a delivery of %s is unknown', (_which, alert) => {
  expect(decide(alert, failed.id)).toEqual({ result: { kind: 'unknown' } });
});

const setUp = (alerts: readonly Alert[]) => {
  const store = createDeliveryStore();
  for (const alert of alerts) store.putAlert(alert);
  const bus = createBus();
  const queued: Topics['delivery.queued'][] = [];
  bus.on('delivery.queued', (message) => queued.push(message));
  const { log, of } = collectLog();
  const retrier = createRetrier(store, bus, createDestinations([pager]), log, createClock(at).now);
  return { store, queued, of, retrier };
};

it('a delivery that is tried again is announced on the bus, and written down', async () => {
  const { retrier, queued, of } = setUp([having([failed])]);
  expect(await retrier.retry(failed.id, 'req-again')).toMatchObject({ kind: 'retried' });
  expect(queued).toMatchObject([
    { requestId: 'req-again', alertId: 'evt_1', scope: 'stripe::po_1', deliveries: [{ id: failed.id }] },
  ]);
  expect(of('delivery.retried')).toMatchObject([{ request_id: 'req-again', delivery_id: failed.id }]);
});

it('of fifty who retry a delivery at once, one does it, and it is announced once', async () => {
  const { retrier, queued } = setUp([having([failed])]);
  const results = await Promise.all(Array.from({ length: 50 }, () => retrier.retry(failed.id, 'req-again')));
  expect(results.filter(({ kind }) => kind === 'retried')).toHaveLength(1);
  expect(results.filter(({ kind }) => kind === 'unchanged')).toHaveLength(49);
  expect(queued).toHaveLength(1);
});

it('an id that no delivery has is unknown', async () => {
  expect(await setUp([]).retrier.retry('dlv_1', 'req-again')).toEqual({ kind: 'unknown' });
});

it('all that failed is retried, and what may not be sent is counted', async () => {
  const alerts = Array.from({ length: 90 }, (_, index) => {
    const alert_id = `evt_${index}`;
    const delivery = aDelivery({ ...gone, alert_id, status: index % 3 === 0 ? 'delivered' : 'failed' });
    return anAlert({ alert_id, deliveries: [delivery], ...(index % 3 === 1 && over) });
  });
  const { retrier, queued } = setUp(alerts);
  expect(await retrier.retryAll(undefined, 'req-all')).toEqual({ retried: 30, skipped: 30 });
  expect(await retrier.retryAll(undefined, 'req-all')).toEqual({ retried: 0, skipped: 30 });
  expect(queued).toHaveLength(30);
});
