// Payments that a storm has put into alerts of other scopes, as the good news of their own object finds them.
import { expect, it } from 'vitest';
import type { Observation } from '../../src/domain/observation.ts';
import { createBus } from '../../src/pipeline/bus.ts';
import { createSignalOutcomes } from '../../src/pipeline/signal-outcome.ts';
import { subscribeStages } from '../../src/pipeline/stages.ts';
import { type EventStore, maxGuests } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { createSqliteStore } from '../../src/stores/sqlite/store.ts';
import { newPath } from '../stores/sqlite/open-file.ts';
import { at, payment } from '../support/acme-page.ts';
import { aMember, anAlert, aRecord } from '../support/builders.ts';
import { createClock } from '../support/clock.ts';
import { aPolicy } from '../support/world.ts';

const stores: readonly (readonly [string, () => EventStore])[] = [
  ['memory', () => createMemoryStore({ eventCapacity: 5000, dedupeCapacity: 5000 })],
  ['SQLite', () => createSqliteStore({ path: newPath() })],
];

/** All stages over a store, to which observations of Stripe are sent. */
const over = (store: EventStore) => {
  const clock = createClock();
  const bus = createBus();
  const outcomes = createSignalOutcomes(bus);
  const resolved: string[] = [];
  bus.on('alert.changed', ({ alertId, change }) => change === 'resolved' && resolved.push(alertId));
  let given: readonly Observation[] = [];
  subscribeStages(bus, {
    normalizers: new Map([['stripe', () => given]]),
    onBroken: (_at, error) => {
      throw error;
    },
    store,
    policy: () => aPolicy(),
    now: clock.now,
  });
  let signals = 0;
  const send = (observation: Observation) => {
    given = [observation];
    const signalId = `sig-${++signals}`;
    const answer = outcomes.expect(signalId);
    bus.publish('signal.received', { signalId, requestId: 'req', vendor: 'stripe', source: 'stripe', payload: null });
    return answer;
  };
  return { send, resolved };
};

const failed = (id: string, object: string, time = '12:00') => payment(id, 'payout.failed', object, time);
const paid = (id: string, object: string, time = '12:01') =>
  payment(id, 'payout.paid', object, time, { severity: 'info', endsTypes: ['payout.failed'] });

/** 21 payments of other objects, of which the last one's alert takes in what follows. */
const beginStorm = async ({ send }: ReturnType<typeof over>): Promise<void> => {
  for (let n = 1; n <= 21; n++) await send(failed(`evt_${n}`, `po_${n}`));
};
const storm = 'evt_21';
const openIn = async (store: EventStore, alertId: string) =>
  (await store.readAlert(alertId))?.alert.members
    .filter(({ ended_at: end }) => end === null)
    .map(({ event_id: id }) => id);

it.each(stores)(
  '%s: good news ends all payments of its object, however many a storm has taken in',
  async (_name, make) => {
    const store = make();
    const service = over(store);
    await beginStorm(service);
    for (let n = 0; n < 90; n++) await service.send(failed(`evt_again_${n}`, 'po_again'));
    expect(await openIn(store, storm)).toHaveLength(91);
    await service.send(paid('evt_paid', 'po_again'));
    expect(await openIn(store, storm)).toEqual([storm]);
    await service.send(paid('evt_paid_21', 'po_21'));
    expect(service.resolved).toEqual([storm]);
    await store.close();
  },
);

it.each(stores)('%s: payments that good news does not end hide none that it ends', async (_name, make) => {
  const store = make();
  const service = over(store);
  await beginStorm(service);
  await service.send(failed('evt_again', 'po_again'));
  for (let n = 0; n < 90; n++) await service.send(failed(`evt_later_${n}`, 'po_again', '12:30'));
  await service.send(paid('evt_paid', 'po_again'));
  expect(await openIn(store, storm)).not.toContain('evt_again');
  expect(await openIn(store, storm)).toHaveLength(91);
  await store.close();
});

/** One more payment of `po_again`, in an alert of another scope. */
const takeIn = (store: EventStore, id: string): Promise<null> => {
  const ofAlert = { alert_id: `alert of ${id}`, alert_scope: `stripe::${id}`, alert_is_open: true };
  const traits = { item: 'payment', name: 'payout.failed', components: [], group: null, pageSize: 0 } as const;
  const event = { event_id: id, source: 'stripe', kind: 'payment', started_at: at('12:00') } as const;
  const member = aMember({ event_id: id, kind: 'payment', item: 'payment', name: traits.name });
  const alert = anAlert({
    alert_id: ofAlert.alert_id,
    source: 'stripe',
    scope: ofAlert.alert_scope,
    members: [member],
  });
  return store.transact({ scopes: [], endedSince: '' }, () => ({
    result: null,
    event: aRecord(event, { scope: 'stripe::po_again', traits, ...ofAlert }),
    alerts: [{ alert, history: [] }],
  }));
};

it('good news ends all payments of its object, even more than are read at a time', async () => {
  const store = createMemoryStore({ eventCapacity: 5000, dedupeCapacity: 5000 });
  const service = over(store);
  await beginStorm(service);
  const ids = Array.from({ length: 2 * maxGuests + 10 }, (_, n) => `evt_again_${n}`);
  for (const id of ids) await service.send(failed(id, 'po_again'));
  await service.send(paid('evt_paid', 'po_again'));
  const records = await Promise.all(ids.map((id) => store.find(id)));
  expect(records.filter((found) => typeof found !== 'object' || found.recovered_at === undefined)).toEqual([]);
});

it('good news whose payments could not be ended is refused, and ends them when it comes again', async () => {
  const store = createMemoryStore({ eventCapacity: 5000, dedupeCapacity: 5000 });
  const service = over(store);
  await beginStorm(service);
  await service.send(failed('evt_again', 'po_again'));
  let calls = 0;
  const failing: EventStore = {
    ...store,
    transact: (keys, decide) =>
      ++calls > 1 ? Promise.reject(new Error('the store is away')) : store.transact(keys, decide),
  };
  expect(await over(failing).send(paid('evt_paid', 'po_again'))).toMatchObject([{ kind: 'failed' }]);
  expect(await openIn(store, storm)).toEqual([storm, 'evt_again']);
  expect(await service.send(paid('evt_paid', 'po_again'))).toMatchObject([{ kind: 'duplicate' }]);
  expect(await openIn(store, storm)).toEqual([storm]);
});

it('whatever a storm takes in while good news is decided ends too', async () => {
  const store = createMemoryStore({ eventCapacity: 5000, dedupeCapacity: 5000 });
  const service = over(store);
  await beginStorm(service);
  await service.send(failed('evt_again', 'po_again'));
  // After each step of the decision, another storm has put one more payment of the object into an alert of its own.
  const taken: string[] = [];
  const busy: EventStore = {
    ...store,
    async transact(keys, decide) {
      const result = await store.transact(keys, decide);
      if (taken.length < 5 && keys.withGuests) {
        const id = `evt_more_${taken.length}`;
        taken.push(id);
        await takeIn(store, id);
      }
      return result;
    },
  };
  await over(busy).send(paid('evt_paid', 'po_again'));
  expect(taken).toHaveLength(5);
  for (const id of taken) expect(await openIn(store, `alert of ${id}`)).toEqual([]);
  expect(await openIn(store, storm)).toEqual([storm]);
});
