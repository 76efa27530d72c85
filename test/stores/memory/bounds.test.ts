// What the memory store drops when there is no room, and when it refuses.
import { expect, it } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import type { EventRecord } from '../../../src/domain/event-record.ts';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import {
  alert,
  at,
  deliveriesOf,
  idsOf,
  keep,
  keepAlert,
  listed,
  longAgo,
  noScopes,
  now,
  payment,
  record,
  reviseAlert,
  reviseDelivery,
  useStore,
} from '../../contract/event-store/setup.ts';

const { current } = useStore(() => createMemoryStore({ eventCapacity: 2, dedupeCapacity: 100 }));

type Life = 'finished' | 'open' | 'untold' | 'waiting' | 'told' | 'resolved';

/** The alert of an event in this life; none for those that have none. */
const alertIn: Readonly<Record<Life, ((id: string) => Partial<Alert>) | undefined>> = {
  finished: undefined,
  open: undefined,
  untold: () => ({}),
  waiting: (id) => ({ state: 'resolved', resolved_at: at(1), deliveries: deliveriesOf(id, {}) }),
  told: (id) => ({ deliveries: deliveriesOf(id, { status: 'delivered' }) }),
  resolved: (id) => ({ state: 'resolved', resolved_at: at(1), deliveries: deliveriesOf(id, { status: 'delivered' }) }),
};

const eventIn = (id: string, life: Life): EventRecord => (life === 'open' ? record(id) : payment(id));

const keepIn = (store: EventStore, life: Life, id: string): Promise<void> => {
  const overrides = alertIn[life]?.(id);
  if (!overrides) return keep(store, eventIn(id, life));
  return keep(
    store,
    { ...eventIn(id, life), alert_id: id },
    { alerts: [{ alert: alert(id, 0, overrides), history: [] }] },
  );
};

const keepEach = async (store: EventStore, lives: readonly Life[]): Promise<void> => {
  for (const [index, life] of lives.entries()) await keepIn(store, life, `${index} ${life}`);
};

it.each([
  { eventCapacity: 3, dedupeCapacity: 5, remembered: 5 },
  { eventCapacity: 5, dedupeCapacity: 3, remembered: 5 },
  { eventCapacity: 1, dedupeCapacity: 1, remembered: 1 },
])(
  'of twenty events, $eventCapacity are kept and $dedupeCapacity ids remembered',
  async ({ remembered, ...bounds }) => {
    const store = createMemoryStore(bounds);
    const ids = Array.from({ length: 20 }, (_, index) => `evt_${index}`);
    for (const id of ids) await keep(store, payment(id));

    expect(await listed(store)).toEqual(ids.slice(-bounds.eventCapacity).reverse());
    expect(await store.size()).toMatchObject({ events: bounds.eventCapacity });
    const found = await Promise.all(ids.map((id) => store.find(id)));
    expect(found.filter((what) => what !== undefined)).toHaveLength(remembered);
  },
);

it('an id whose event was dropped has expired: seen before, but no longer there', async () => {
  await keepEach(current(), ['finished', 'finished', 'finished']);
  expect(await current().find('0 finished')).toBe('expired');
  expect(await current().readEvent('0 finished')).toBe(undefined);
  const keys = { ...noScopes, eventId: '0 finished' };
  expect(await current().transact(keys, ({ event }) => ({ result: event }))).toBe('expired');
});

it('an id that is seen again is remembered longer than one that is not', async () => {
  const store = createMemoryStore({ eventCapacity: 1, dedupeCapacity: 3 });
  for (const id of ['a', 'b', 'c']) await keep(store, payment(id));
  await store.transact({ ...noScopes, eventId: 'a' }, () => ({ result: undefined }));
  await keep(store, payment('d'));
  expect(await store.find('a')).toBe('expired');
  expect(await store.find('b')).toBe(undefined);
  expect(await store.find('c')).toBe('expired');
});

it.each<[string, readonly Life[], readonly string[]]>([
  ['the oldest is dropped', ['finished', 'finished'], ['2 finished', '1 finished']],
  ['what waits is dropped after what is finished', ['waiting', 'finished'], ['2 finished', '0 waiting']],
  ['what is open is dropped after what is finished', ['open', 'finished'], ['2 finished', '0 open']],
  ['what was told is dropped after what is finished', ['told', 'finished'], ['2 finished', '0 told']],
  ['what has an open alert is dropped after what is finished', ['untold', 'finished'], ['2 finished', '0 untold']],
  ['what was told and is over counts as finished', ['resolved', 'open'], ['2 finished', '1 open']],
  ['what is open is dropped before what waits', ['waiting', 'open'], ['2 finished', '0 waiting']],
  ['what is open is dropped before what was told', ['told', 'open'], ['2 finished', '0 told']],
  ['the older of two that are open is dropped', ['open', 'open'], ['2 finished', '1 open']],
])('when there is no room, %s', async (_rule, lives, left) => {
  await keepEach(current(), [...lives, 'finished']);
  expect(await listed(current())).toEqual(left);
});

it('an event that is dropped is nowhere any more, nor is the alert of which it was the last', async () => {
  const store = createMemoryStore({ eventCapacity: 1, dedupeCapacity: 9 });
  const told = { deliveries: deliveriesOf('a', { status: 'failed' }), storm_key: 'storm', wake_at: at(0) };
  const ending = record('a', 0, { resolved_at: at(1) }, { alert_id: 'a', ends_types: ['x'] });
  await keep(store, ending, { alerts: [{ alert: alert('a', 0, told), history: [] }] });
  await keepIn(store, 'finished', 'next');
  expect(await store.ongoingEvents('acme_status')).toEqual([]);
  expect(await store.readAlert('a')).toBe(undefined);
  expect(await store.listAlerts({ limit: 9 })).toEqual({ alerts: [], next: null });
  expect(await store.listDeliveries({ limit: 9 })).toEqual({ deliveries: [], titles: new Map(), next: null });
  expect(await store.findDelivery(told.deliveries[0]?.id ?? '')).toBe(undefined);
  expect(await store.stormOf('storm', longAgo)).toEqual({ opened: 0, newest: undefined });
  expect(await store.dueAlerts(now, 9)).toEqual([]);
  const keys = { scopes: ['acme_status'], endedSince: longAgo, withEndings: true, alertId: 'a', withMembers: true };
  expect(await store.transact(keys, (found) => ({ result: found }))).toEqual({
    event: undefined,
    alerts: [],
    members: [],
    endings: [],
    guests: [],
  });
});

it('takes nothing in when every event is still needed, and forgets what it refused', async () => {
  await keepEach(current(), ['waiting', 'told']);
  const refused = keepIn(current(), 'waiting', 'third');
  await expect(refused).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(refused).rejects.toMatchObject({ code: 'store_full', retryAfterSeconds: 5 });
  expect(await listed(current())).toEqual(['1 told', '0 waiting']);
  expect(await current().find('third')).toBe(undefined);
  expect(await current().readAlert('third')).toBe(undefined);
});

it('is asked whether it takes writes, and says no exactly while a new event would have no room', async () => {
  await keepEach(current(), ['waiting', 'told']);
  await expect(current().ping()).rejects.toMatchObject({ code: 'store_full' });
  await reviseDelivery(current(), '0 waiting', 0, { status: 'delivered' });
  await current().ping();
});

it('a full store still takes changes of what it has', async () => {
  await keepEach(current(), ['waiting', 'told']);
  await keep(current(), { ...payment('0 waiting', 0, { alert_id: '0 waiting' }), seen_count: 2 });
  expect(await current().find('0 waiting')).toMatchObject({ seen_count: 2 });
});

it('there is room again when what waited is sent, or what was told has ended', async () => {
  await keepEach(current(), ['waiting', 'told']);
  await expect(keepIn(current(), 'finished', 'third')).rejects.toThrow('all 2 stored events');
  await reviseDelivery(current(), '0 waiting', 0, { status: 'delivered' });
  await keepIn(current(), 'told', 'third');
  expect(await listed(current())).toEqual(['third', '1 told']);
  await reviseAlert(current(), '1 told', (found) => ({ ...found, state: 'resolved', resolved_at: at(9) }));
  await keepIn(current(), 'finished', 'fourth');
  expect(await listed(current())).toEqual(['fourth', 'third']);
});

it('an event that is needed again is kept again', async () => {
  await keepEach(current(), ['resolved', 'finished']);
  await reviseAlert(current(), '0 resolved', (found) => ({ ...found, state: 'open', resolved_at: null }));
  await keepIn(current(), 'finished', 'third');
  expect(await listed(current())).toEqual(['third', '0 resolved']);
});

it('of a told alert with many payments all but one may go, and those that wait to be sent stay', async () => {
  const store = createMemoryStore({ eventCapacity: 3, dedupeCapacity: 9 });
  const deliveries = deliveriesOf('a', { status: 'delivered' }, { action: 'update', event_id: 'b', event_ids: ['b'] });
  await keep(store, payment('a', 0, { alert_id: 'a' }), {
    alerts: [{ alert: alert('a', 0, { deliveries, scope: 'storm' }), history: [] }],
  });
  for (const id of ['b', 'c', 'd']) await keep(store, payment(id, 0, { alert_id: 'a' }));
  expect(await listed(store)).toEqual(['d', 'c', 'b']);
  await reviseDelivery(store, 'a', 1, { status: 'delivered' });
  for (const id of ['x', 'y']) await keepIn(store, 'told', id);
  expect(await listed(store)).toEqual(['y', 'x', 'd']);
  await expect(keepIn(store, 'told', 'z')).rejects.toMatchObject({ code: 'store_full' });
  expect((await store.readAlert('a'))?.alert.state).toBe('open');
});

it('an incident of a told alert is never dropped, for its end would not be noticed', async () => {
  await keepEach(current(), ['told']);
  await keep(current(), record('incident', 0, {}, { alert_id: '0 told' }));
  await keep(current(), record('another', 0, {}, { alert_id: '0 told' }));
  expect(await listed(current())).toEqual(['another', 'incident']);
  await expect(keepIn(current(), 'finished', 'third')).rejects.toMatchObject({ code: 'store_full' });
});

it('an event that joins an alert does not push out the events of that alert', async () => {
  await keepEach(current(), ['untold', 'finished']);
  const joined = alert('0 untold', 0, { uncounted: 1 });
  await keep(current(), payment('third', 0, { alert_id: '0 untold' }), { alerts: [{ alert: joined, history: [] }] });
  expect(await listed(current())).toEqual(['third', '0 untold']);
});

it('alerts without events are bounded too', async () => {
  for (const id of ['a', 'b', 'c']) {
    await current().transact(noScopes, () => ({ result: undefined, alerts: [{ alert: alert(id), history: [] }] }));
  }
  expect((await current().listAlerts({ limit: 9 })).alerts.map(({ alert_id: id }) => id)).toEqual(['c', 'b']);
});

it('pages on behind an event that was dropped meanwhile', async () => {
  const store = createMemoryStore({ eventCapacity: 5, dedupeCapacity: 9 });
  await keepEach(store, ['open', 'open', 'finished', 'open', 'open']);
  const page = await store.listEvents({ limit: 3 });
  expect(idsOf(page.events)).toEqual(['4 open', '3 open', '2 finished']);
  await keepIn(store, 'finished', 'next');
  const rest = await store.listEvents({ limit: 3, before: page.next ?? undefined });
  expect(idsOf(rest.events)).toEqual(['1 open', '0 open']);
});

it('a page that has looked at too many events ends early, with where to go on', async () => {
  const store = createMemoryStore({ eventCapacity: 9, dedupeCapacity: 9, maxScan: 2 });
  await keepEach(store, ['open', 'finished', 'finished', 'finished']);
  const page = await store.listEvents({ limit: 3, source: 'acme_status' });
  expect(page).toEqual({ events: [], next: { sequence: 3 } });
  expect(await listed(store, { limit: 3, source: 'acme_status' })).toEqual(['0 open']);
});

it('an alert whose event went over to another one, or to none, can still be read', async () => {
  const store = current();
  const told = { alert_id: 'a' };
  await keep(store, payment('evt', 0, told), { alerts: [{ alert: alert('a'), history: [] }] });
  await keep(store, payment('evt', 0, { alert_id: 'b' }), { alerts: [{ alert: alert('b'), history: [] }] });
  expect(await store.readAlert('a')).toMatchObject({ alert: { alert_id: 'a' } });
  expect(await listed(store, { alert_id: 'a' })).toEqual([]);
  expect(await listed(store, { alert_id: 'b' })).toEqual(['evt']);
  await keep(store, payment('evt', 0, { alert_id: null }));
  expect(await listed(store, { alert_id: 'b' })).toEqual([]);
  expect((await store.listAlerts({ limit: 9 })).alerts.map(({ alert_id: id }) => id)).toEqual(['b', 'a']);
});

it('of alerts without events those go first of which nobody is still to be told', async () => {
  const store = createMemoryStore({ eventCapacity: 2, dedupeCapacity: 9 });
  const [pending] = deliveriesOf('waits', {});
  await keepAlert(store, alert('waits', 0, { deliveries: pending ? [pending] : [] }));
  for (const id of ['a', 'b', 'c']) await keepAlert(store, alert(id));
  expect((await store.listAlerts({ limit: 9 })).alerts.map(({ alert_id: id }) => id)).toEqual(['c', 'waits']);
});
