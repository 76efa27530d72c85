import { expect, it } from 'vitest';
import { createBus } from '../../src/pipeline/bus.ts';
import type { Topics } from '../../src/pipeline/topics.ts';
import { createRecovery } from '../../src/sinks/requeue-due.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { aDelivery, aRecord } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';

/** Recovers from a store with these events, and gives what was published. */
const setUp = async (...records: readonly EventRecord[]) => {
  const store = createMemoryStore({ eventCapacity: 5000, dedupeCapacity: 5000 });
  for (const record of records) await store.change(record.event.event_id, () => ({ result: undefined, record }));
  const bus = createBus();
  const stored: Topics['event.stored'][] = [];
  const queued: Topics['delivery.queued'][] = [];
  bus.on('event.stored', (message) => stored.push(message));
  bus.on('delivery.queued', (message) => queued.push(message));
  const clock = createClock('2026-03-01T12:00:00.000Z');
  return { recovery: createRecovery(store, bus, clock.now), clock, store, bus, stored, queued };
};

const owing = (id: string, ...overrides: readonly Parameters<typeof aDelivery>[0][]) =>
  aRecord({ event_id: id }, { deliveries: overrides.map((delivery) => aDelivery({ event_id: id, ...delivery })) });

it('publishes again what was stored but not routed, on the thread that caused it', async () => {
  const { recovery, stored, queued } = await setUp(
    aRecord({ event_id: 'undecided' }, { routed_version: 0, request_id: 'req-7' }),
    aRecord({ event_id: 'decided' }),
  );
  await recovery.run(0);
  expect(stored).toEqual([
    { signalId: expect.any(String), requestId: 'req-7', eventId: 'undecided', change: 'recovered' },
  ]);
  expect(queued).toEqual([]);
});

it('queues again what is owed and due, as nothing newly triggered', async () => {
  const { recovery, stored, queued } = await setUp(
    owing('a', { request_id: 'req-8' }),
    owing('b', { status: 'delivered' }),
    owing('c', { next_attempt_at: '2026-03-01T12:00:01.000Z' }),
    owing('d', { leased_until: '2026-03-01T12:00:01.000Z' }),
    owing('e', {}, { action: 'resolve' }),
  );
  await recovery.run(0);
  expect(queued).toEqual([
    {
      signalId: expect.any(String),
      requestId: 'req-8',
      eventId: 'a',
      deliveryIds: [aDelivery({ event_id: 'a' }).id],
      triggered: false,
    },
    expect.objectContaining({ eventId: 'e', deliveryIds: [aDelivery({ event_id: 'e' }).id] }),
  ]);
  expect(stored).toEqual([]);
});

it('queues a delivery when its time has come', async () => {
  const { recovery, clock, queued } = await setUp(owing('a', { next_attempt_at: '2026-03-01T12:00:01.000Z' }));
  await recovery.run(0);
  expect(queued).toEqual([]);
  clock.advance(1000);
  await recovery.run(0);
  expect(queued).toMatchObject([{ eventId: 'a' }]);
});

it('each thing recovered is a signal of its own', async () => {
  const { recovery, stored, queued } = await setUp(aRecord({ event_id: 'u' }, { routed_version: 0 }), owing('a'));
  await recovery.run(0);
  expect(stored[0]?.signalId).toMatch(/^[0-9a-f-]{36}$/);
  expect(queued[0]?.signalId).not.toBe(stored[0]?.signalId);
});

it('takes no more than a thousand of each at once', async () => {
  const ids = Array.from({ length: 1001 }, (_, index) => `evt_${index}`);
  const { recovery, stored, queued } = await setUp(
    ...ids.map((id) => aRecord({ event_id: id }, { routed_version: 0, deliveries: [aDelivery({ event_id: id })] })),
  );
  await recovery.run(0);
  expect([stored.length, queued.length]).toEqual([1000, 1000]);
});

it('does nothing when nothing was left behind', async () => {
  const { recovery, stored, queued } = await setUp();
  await recovery.run(0);
  expect([...stored, ...queued]).toEqual([]);
});

it('rejects when the store cannot answer', async () => {
  const down = new Error('the store is down');
  const store = { undecided: () => Promise.reject(down), dueDeliveries: async () => [] };
  await expect(createRecovery(store, createBus(), createClock().now).run(0)).rejects.toBe(down);
});
