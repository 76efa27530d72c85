import { expect, it } from 'vitest';
import { createRoute } from '../../src/pipeline/route.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aDelivery, aRecord } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';

const id = 'acme_status:incident:1';
const rules = {
  routeWarning: false,
  routeTestMode: false,
  destinations: [{ name: 'pagerduty', reachesPeople: true }],
};
const trigger = aDelivery();
const resolve = aDelivery({ action: 'resolve' });
const undecided = { version: 2, routed_version: 1 };
const over = { resolved_at: '2026-03-01T11:50:00.000Z' };
const at = '2026-03-01T12:00:00.000Z';

const setUp = async (stored?: EventRecord) => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  if (stored) await store.change(id, () => ({ result: undefined, record: stored }));
  const stage = createRoute(store, rules, createClock(at).now);
  const run = () => stage.run({ signalId: 'sig-1', requestId: 'req-1', eventId: id, change: 'stored' });
  return { store, run };
};

it('keeps the decision with what it owes, and says that it may be tried', async () => {
  const { store, run } = await setUp(aRecord({}, { version: 1, routed_version: 0 }));
  expect(await run()).toEqual({
    publish: {
      signalId: 'sig-1',
      requestId: 'req-1',
      eventId: id,
      deliveryIds: [trigger.id],
      triggered: true,
      reason: 'Sent, because critical events are always sent.',
    },
  });
  const detail = await store.read(id);
  expect(detail?.record).toMatchObject({
    routed: true,
    routed_version: 1,
    routing_reason: 'Sent, because critical events are always sent.',
    deliveries: [{ id: trigger.id, status: 'pending', created_at: at, request_id: 'req-1' }],
  });
  expect(detail?.history).toEqual([
    {
      at,
      change: 'routing_decided',
      request_id: 'req-1',
      reason: 'Sent, because critical events are always sent.',
      fields: { routed: { old: false, new: true } },
    },
  ]);
});

it('keeps the decision to send an event nowhere', async () => {
  const { store, run } = await setUp(aRecord({ severity: 'info' }, undecided));
  const reason = 'Not sent: info events are never sent.';
  expect(await run()).toEqual({ stop: 'unrouted', eventId: id, detail: reason });
  expect(await store.find(id)).toMatchObject({ routed: false, routed_version: 2, routing_reason: reason });
  expect((await store.read(id))?.history).toMatchObject([{ fields: { routed: { old: false, new: false } } }]);
});

it.each<[string, EventRecord | undefined]>([
  ['that is not there', undefined],
  ['that is routed already', aRecord({}, { version: 2, routed_version: 2 })],
])('decides nothing about an event %s', async (_which, stored) => {
  const { store, run } = await setUp(stored);
  expect(await run()).toEqual({ stop: 'unrouted', eventId: id });
  expect((await store.read(id))?.record).toEqual(stored);
});

it('decides nothing about an event that was dropped', async () => {
  const stage = createRoute(
    { change: async (_eventId, decide) => decide('forgotten').result },
    rules,
    createClock(at).now,
  );
  const run = stage.run({ signalId: 'sig-1', requestId: 'req-1', eventId: id, change: 'recovered' });
  expect(await run).toEqual({ stop: 'unrouted', eventId: id });
});

it('of two that route one event at once, one decides', async () => {
  const { store, run } = await setUp(aRecord({}, undecided));
  const results = await Promise.all([run(), run()]);
  expect(results.map((result) => ('publish' in result ? 'decided' : result.stop))).toEqual(['decided', 'unrouted']);
  expect((await store.read(id))?.history).toHaveLength(1);
});

it('queues a resolve when its trigger was accepted', async () => {
  const deliveries = [aDelivery({ status: 'delivered' })];
  const { run } = await setUp(aRecord(over, { ...undecided, routed: true, deliveries }));
  expect(await run()).toMatchObject({ publish: { deliveryIds: [resolve.id], triggered: false } });
});

it('does not queue a resolve that must wait for its trigger', async () => {
  const deliveries = [
    aDelivery({ attempt_started_at: '2026-03-01T11:59:59.000Z', leased_until: '2026-03-01T12:00:19.000Z' }),
  ];
  const { store, run } = await setUp(aRecord(over, { ...undecided, routed: true, deliveries }));
  expect(await run()).toMatchObject({ publish: { deliveryIds: [trigger.id], triggered: false } });
  expect(await store.find(id)).toMatchObject({
    deliveries: [{ id: trigger.id }, { id: resolve.id, status: 'pending' }],
  });
});

it('calls off a page that nobody has seen, and keeps in the history that it did', async () => {
  const { store, run } = await setUp(aRecord(over, { ...undecided, routed: true, deliveries: [trigger] }));
  expect(await run()).toEqual({
    stop: 'unrouted',
    eventId: id,
    detail: 'Not sent: it ended before its page was accepted.',
  });
  const history = (await store.read(id))?.history;
  expect(history?.map(({ change, action }) => [change, action])).toEqual([
    ['routing_decided', undefined],
    ['delivery_superseded', 'trigger'],
    ['delivery_superseded', 'resolve'],
  ]);
});

it('an event that was routed once stays routed, whatever is decided later', async () => {
  const deliveries = [aDelivery({ status: 'delivered' })];
  const { store, run } = await setUp(aRecord({ severity: 'info' }, { ...undecided, routed: true, deliveries }));
  expect(await run()).toMatchObject({ stop: 'unrouted' });
  expect(await store.find(id)).toMatchObject({ routed: true, routed_version: 2, deliveries });
});
