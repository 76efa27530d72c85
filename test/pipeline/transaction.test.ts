import { expect, it } from 'vitest';
import type { Observation } from '../../src/domain/observation.ts';
import type { Policy } from '../../src/domain/ruling.ts';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createSignalOutcomes } from '../../src/pipeline/signal-outcome.ts';
import { subscribeStages } from '../../src/pipeline/stages.ts';
import type { Normalizer, Topic } from '../../src/pipeline/topics.ts';
import { wakeDue } from '../../src/pipeline/wake.ts';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { component, incident, payment } from '../support/acme-page.ts';
import { aManualResolve, aSighting } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';
import { aPolicy } from '../support/world.ts';

const id = 'acme_status:incident:1';

/** All stages over a real store and bus. The payload of a signal is its observations. */
const setUp = (policy: Policy = aPolicy(), around: (store: EventStore) => EventStore = (store) => store) => {
  const clock = createClock();
  const store = around(createMemoryStore({ eventCapacity: 1000, dedupeCapacity: 1000 }));
  const bus = createBus();
  const outcomes = createSignalOutcomes(bus);
  const topics: Topic[] = [];
  for (const topic of [
    'event.stored',
    'routing.decided',
    'alert.changed',
    'delivery.queued',
    'signal.processed',
  ] as const)
    bus.on(topic, () => topics.push(topic));
  let given: readonly Observation[] = [];
  const normalizer: Normalizer = () => given;
  subscribeStages(bus, {
    normalizers: new Map([['acme', normalizer]]),
    onBroken: (_draft, error) => {
      throw error;
    },
    store,
    policy: () => policy,
    now: clock.now,
  });
  let signals = 0;
  const send = (...observations: readonly Observation[]) => {
    given = observations;
    const signalId = `sig-${++signals}`;
    const answer = outcomes.expect(signalId);
    bus.publish('signal.received', {
      signalId,
      requestId: 'req-1',
      vendor: 'acme',
      source: 'acme_status',
      payload: null,
    });
    return answer;
  };
  return { clock, store, bus, outcomes, topics, send };
};

/** Everything that waits for a destination is accepted there. */
const accept = (store: EventStore, alertId: string): Promise<void> =>
  store.transact({ scopes: ['acme_status'], endedSince: '2026-01-01T00:00:00.000Z', alertId }, ({ alerts }) => ({
    result: undefined,
    alerts: alerts.map((alert) => ({
      alert: { ...alert, deliveries: alert.deliveries.map((each) => ({ ...each, status: 'delivered' as const })) },
      history: [],
    })),
  }));

it('one signal is stored, decided and told, in this order, before its outcome is', async () => {
  const { store, topics, send, bus } = setUp();
  expect(await send(aSighting())).toEqual([{ kind: 'stored', eventId: id, routed: true }]);
  await bus.idle();
  expect(topics).toEqual(['event.stored', 'routing.decided', 'alert.changed', 'delivery.queued', 'signal.processed']);
  const detail = await store.readEvent(id);
  expect(detail?.record).toMatchObject({ alert_id: id, routed: true });
  expect(detail?.deliveries.map(({ action, status }) => `${action} ${status}`)).toEqual(['trigger pending']);
});

it('each observation has its outcome, in the order of the signal', async () => {
  const { send } = setUp();
  await send(incident('1'), component('api', { severity: 'warning' }));
  const kinds = (
    await send(incident('1', { ended: '12:30' }), component('api', { severity: 'warning' }), incident('2'))
  ).map(({ kind }) => kind);
  expect(kinds).toEqual(['resolved', 'duplicate', 'stored']);
});

it('of fifty identical signals at once one is stored, and told once', async () => {
  const { store, send } = setUp();
  const all = await Promise.all(Array.from({ length: 50 }, () => send(aSighting())));
  expect(all.flat().filter(({ kind }) => kind === 'stored')).toHaveLength(1);
  expect(all.flat().filter(({ kind }) => kind === 'duplicate')).toHaveLength(49);
  expect((await store.readEvent(id))?.record.seen_count).toBe(50);
  expect((await store.readAlert(id))?.alert.deliveries).toHaveLength(1);
});

it('an observation that cannot be stored fails alone', async () => {
  const down = new StoreUnavailable('store_unavailable', 'the database is away');
  const { send } = setUp(aPolicy(), (store) => ({
    ...store,
    transact: (keys, decide) => (keys.eventId === id ? Promise.reject(down) : store.transact(keys, decide)),
  }));
  expect(await send(incident('1'), incident('2'))).toEqual([
    { kind: 'failed', eventId: id, error: down, routed: false },
    { kind: 'stored', eventId: 'acme_status:incident:2', routed: true },
  ]);
});

it('what runs twice, because the store had to begin again, is kept and told once', async () => {
  const { store, topics, send, bus } = setUp(aPolicy(), (inner) => ({
    ...inner,
    transact: (keys, decide) =>
      inner.transact(keys, (snapshot) => {
        decide(snapshot);
        return decide(snapshot);
      }),
  }));
  await send(aSighting());
  await bus.idle();
  expect((await store.readAlert(id))?.alert.deliveries).toHaveLength(1);
  expect(topics.filter((topic) => topic === 'event.stored')).toHaveLength(1);
});

it('whoever else waits has a turn while hundreds of components that went down in one poll are decided', async () => {
  const { send, bus } = setUp();
  let stored = 0;
  bus.on('event.stored', () => (stored += 1));
  const seen = new Promise<number>((resolve) => {
    setImmediate(() => resolve(stored));
  });
  const sent = send(...Array.from({ length: 450 }, (_, at) => component(`c${at}`)));
  expect(await seen).toBe(200);
  expect((await sent).map(({ kind }) => kind)).toEqual(Array.from({ length: 450 }, () => 'stored'));
  expect(stored).toBe(450);
});

it('somebody can resolve by hand, and the alert ends', async () => {
  const { store, send } = setUp();
  await send(aSighting());
  expect(await send(aManualResolve({ alert: { id, scope: 'acme_status' } }))).toMatchObject([{ kind: 'resolved' }]);
  expect((await store.readAlert(id))?.alert.state).toBe('resolved');
});

it('of twenty-five payouts that fail at once twenty-one have alerts, and the rest joins the newest', async () => {
  const { store, send } = setUp();
  for (let n = 0; n < 25; n++) await send(payment(`evt_${n}`, 'payout.failed', `po_${n}`, '12:00'));
  const { alerts } = await store.listAlerts({ limit: 100 });
  expect(alerts).toHaveLength(21);
  expect(alerts[0]?.members.map(({ event_id: eventId }) => eventId)).toEqual([
    'evt_20',
    'evt_21',
    'evt_22',
    'evt_23',
    'evt_24',
  ]);
});

it('an alert whose time has come is looked at again, and its end is told', async () => {
  const { store, send, clock, bus } = setUp();
  await send(incident('1'));
  await accept(store, id);
  await send(incident('1', { severity: 'warning', status: 'monitoring' }));
  clock.advance(29 * 60_000);
  await wakeDue(store, bus, clock.now());
  await bus.idle();
  expect((await store.readAlert(id))?.alert.state).toBe('open');
  clock.advance(60_000);
  await wakeDue(store, bus, clock.now());
  await bus.idle();
  expect((await store.readAlert(id))?.alert).toMatchObject({ state: 'resolved', wake_at: null });
});

it('an alert that is gone when its time comes is no trouble', async () => {
  const { bus } = setUp();
  const failed: unknown[] = [];
  bus.on('stage.failed', ({ error }) => failed.push(error));
  bus.publish('alert.due', { signalId: 's', requestId: 'r', alertId: 'gone', scope: 'acme_status', cause: 'time' });
  await bus.idle();
  expect(failed).toEqual([]);
});
