import { expect, it } from 'vitest';
import type { UnifiedEvent } from '../../../src/domain/event.ts';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import type { EventRecord, EventStore } from '../../../src/stores/event-store.ts';
import { createMemoryStore } from '../../../src/stores/memory/store.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { aDelivery, aRecord } from '../../support/builders.ts';

eventStoreContract('memory', () => createMemoryStore({ eventCapacity: 10_000, dedupeCapacity: 100_000 }));

type Life = 'finished' | 'open' | 'owed' | 'undecided';

/** A record that is still needed as much as its life says. */
const inLife = (id: string, life: Life, overrides: Partial<Omit<EventRecord, 'event'>> = {}): EventRecord => {
  const event: Partial<UnifiedEvent> = life === 'open' ? {} : { source: 'stripe', kind: 'payment', resolved_at: null };
  return aRecord(
    { event_id: id, ...event },
    {
      subject: id,
      routed_version: life === 'undecided' ? 0 : 1,
      deliveries: life === 'owed' ? [aDelivery({ event_id: id })] : [],
      ...overrides,
    },
  );
};

const keep = (store: EventStore, record: EventRecord): Promise<void> =>
  store.change(record.event.event_id, () => ({ result: undefined, record }));
const see = (store: EventStore, id: string): Promise<void> => store.change(id, () => ({ result: undefined }));
const stored = async (store: EventStore) =>
  (await store.list({ limit: 1000 })).records.map(({ event }) => event.event_id);

/** A store that was sent events of these lives, named by their number and life. */
const storeOf = async (eventCapacity: number, lives: readonly Life[]): Promise<EventStore> => {
  const store = createMemoryStore({ eventCapacity, dedupeCapacity: 100 });
  for (const [index, life] of lives.entries()) await keep(store, inLife(`${index} ${life}`, life));
  return store;
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
    for (const id of ids) await keep(store, inLife(id, 'finished'));

    expect(await stored(store)).toEqual(ids.slice(-bounds.eventCapacity).reverse());
    const found = await Promise.all(ids.map((id) => store.find(id)));
    expect(found.filter((what) => what !== undefined)).toHaveLength(remembered);
  },
);

it('an id whose event was dropped is forgotten: seen before, but no longer there', async () => {
  const store = await storeOf(1, ['finished', 'finished']);
  expect(await store.find('0 finished')).toBe('forgotten');
  expect(await store.read('0 finished')).toBe(undefined);
  expect(await store.change('0 finished', (found) => ({ result: found }))).toBe('forgotten');
});

it('an id that is sighted again is remembered longer than one that is not', async () => {
  const store = createMemoryStore({ eventCapacity: 1, dedupeCapacity: 3 });
  for (const id of ['a', 'b', 'c']) await keep(store, inLife(id, 'finished'));
  await see(store, 'a');
  await keep(store, inLife('d', 'finished'));

  expect(await store.find('a')).toBe('forgotten');
  expect(await store.find('b')).toBe(undefined);
  expect(await store.find('c')).toBe('forgotten');
});

it.each<[string, readonly Life[], readonly string[]]>([
  ['the oldest is dropped', ['finished', 'finished'], ['2 finished', '1 finished']],
  ['what is owed is dropped after what is finished', ['owed', 'finished'], ['2 finished', '0 owed']],
  ['what is undecided is dropped after what is finished', ['undecided', 'finished'], ['2 finished', '0 undecided']],
  ['what is open is dropped after what is finished', ['open', 'finished'], ['2 finished', '0 open']],
  ['what is open is dropped before what is owed', ['owed', 'open'], ['2 finished', '0 owed']],
  ['the older of two that are open is dropped', ['open', 'open'], ['2 finished', '1 open']],
])('when there is no room, %s', async (_rule, lives, left) => {
  const store = await storeOf(2, [...lives, 'finished']);
  expect(await stored(store)).toEqual(left);
});

it('an event that is dropped is nowhere any more', async () => {
  const store = await storeOf(1, ['open']);
  await keep(store, inLife('next', 'finished'));
  expect(await store.openEvents('acme_status')).toEqual([]);
  expect(await store.undecided('9999', 10)).toEqual([]);
  expect((await store.list({ limit: 10, state: 'open' })).next).toBe(null);
});

it('takes nothing in when every event still has something pending, and forgets what it refused', async () => {
  const store = await storeOf(2, ['owed', 'undecided']);
  const refused = keep(store, inLife('third', 'owed'));
  await expect(refused).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(refused).rejects.toMatchObject({ code: 'store_full', retryAfterSeconds: 5 });

  expect(await stored(store)).toEqual(['1 undecided', '0 owed']);
  expect(await store.find('third')).toBe(undefined);
});

it('a full store still takes changes of what it has', async () => {
  const store = await storeOf(1, ['owed']);
  await keep(store, inLife('0 owed', 'owed', { seen_count: 2 }));
  expect(await store.find('0 owed')).toMatchObject({ seen_count: 2 });
});

it.each<[string, Life, string]>([
  ['delivered', 'owed', '0 owed'],
  ['routed', 'undecided', '0 undecided'],
])('there is room again when an event is %s', async (_end, life, id) => {
  const store = await storeOf(2, [life, 'owed']);
  await expect(keep(store, inLife('third', 'owed'))).rejects.toThrow('all 2 stored events');
  await keep(store, inLife(id, 'finished'));
  await keep(store, inLife('third', 'owed'));
  expect(await stored(store)).toEqual(['third', '1 owed']);
});

it('an event that is needed again is kept again', async () => {
  const store = await storeOf(2, ['finished', 'finished']);
  await keep(store, inLife('0 finished', 'owed'));
  await keep(store, inLife('third', 'finished'));
  expect(await stored(store)).toEqual(['third', '0 finished']);
});

it('a clock that steps back does not put a newer event behind an older one', async () => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  await keep(store, inLife('first', 'finished', { first_seen_at: '2026-03-01T12:00:00.000Z' }));
  await keep(store, inLife('second', 'finished', { first_seen_at: '2026-03-01T11:00:00.000Z' }));
  await keep(store, inLife('third', 'finished', { first_seen_at: '2026-03-01T12:00:01.000Z' }));

  expect(await stored(store)).toEqual(['third', 'second', 'first']);
  expect(await store.find('second')).toMatchObject({ first_seen_at: '2026-03-01T12:00:00.000Z' });
  const page = await store.list({ limit: 10, since: '2026-03-01T12:00:00.000Z', until: '2026-03-01T12:00:01.000Z' });
  expect(page.records.map(({ event }) => event.event_id)).toEqual(['second', 'first']);
});

it('pages on behind an event that was dropped meanwhile', async () => {
  const store = await storeOf(5, ['open', 'open', 'finished', 'open', 'open']);
  const page = await store.list({ limit: 3 });
  expect(page.records.map(({ event }) => event.event_id)).toEqual(['4 open', '3 open', '2 finished']);
  await keep(store, inLife('next', 'finished'));
  const rest = await store.list({ limit: 3, before: page.next ?? undefined });
  expect(rest.records.map(({ event }) => event.event_id)).toEqual(['1 open', '0 open']);
});
