// The thread that lists.
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished, vi } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import { createListings } from '../../../src/stores/sqlite/listings.ts';
import { mergeNewestFirst } from '../../../src/stores/sqlite/merge.ts';
import { createSequences } from '../../../src/stores/sqlite/sequences.ts';
import { createSqliteStore } from '../../../src/stores/sqlite/store.ts';
import { at, keep, keepAll, listed, numbered, payment, record } from '../../contract/event-store/setup.ts';
import { newPath, openStore } from './open-file.ts';

it('the work of a listing is done on the other thread', async () => {
  const { store } = openStore();
  await Promise.all(numbered(3000).map((id) => keep(store, record(id))));
  const [before, beforeHere] = [process.cpuUsage(), process.threadCpuUsage()];
  await Promise.all(Array.from({ length: 10 }, () => store.listEvents({ limit: 1000, q: 'nothing', service: 'acme' })));
  const [all, here] = [process.cpuUsage(before), process.threadCpuUsage(beforeHere)];
  // On this thread it would be nearly all.
  expect(here.user + here.system).toBeLessThan((all.user + all.system) / 2);
});

/** A store whose thread is this test's own. */
const openWithListings = async () => {
  const listings = createListings();
  const store = createSqliteStore({ path: newPath(), listings });
  onTestFinished(async () => {
    await store.close();
    await listings.close();
  });
  await keep(store, record('a'));
  return { listings, store };
};

it('a thread that dies is told of as unavailable, and another one is started for the next question', async () => {
  const { store } = await openWithListings();
  const post = vi.spyOn(Worker.prototype, 'postMessage');
  expect(await listed(store)).toEqual(['a']);
  const [thread] = post.mock.contexts;
  if (!(thread instanceof Worker)) throw new Error('no thread was asked');
  // It has no port to answer on: an error that nothing in the thread catches.
  thread.postMessage({});
  await expect(store.listEvents({ limit: 1 })).rejects.toBeInstanceOf(StoreUnavailable);
  expect(await listed(store)).toEqual(['a']);
});

it('a thread that is ended leaves nobody waiting, and another one is started for the next question', async () => {
  const { listings, store } = await openWithListings();
  expect(await listed(store)).toEqual(['a']);
  const asked = Array.from({ length: 1000 }, () => store.listEvents({ limit: 1 }).catch((error: unknown) => error));
  await listings.close();
  for (const answer of await Promise.all(asked))
    if (!(answer instanceof StoreUnavailable)) expect(answer).toMatchObject({ events: [{ record: { subject: 'a' } }] });
  expect(await listed(store)).toEqual(['a']);
});

it('lists one store as well as another, each its own', async () => {
  const listings = createListings();
  const [one, other] = [
    createSqliteStore({ path: newPath(), listings }),
    createSqliteStore({ path: newPath(), listings }),
  ];
  onTestFinished(async () => {
    await Promise.all([one.close(), other.close()]);
    await listings.close();
  });
  await keep(one, record('a'));
  await keep(other, record('b'));
  expect([await listed(one), await listed(other)]).toEqual([['a'], ['b']]);
  await one.close();
  expect(await listed(other)).toEqual(['b']);
});

it.each<[readonly (readonly number[])[], number, readonly number[]]>([
  [[], 99, []],
  [[[]], 99, []],
  [[[9, 5, 1], [8, 7], []], 99, [9, 8, 7, 5, 1]],
  [
    [
      [9, 5, 1],
      [8, 7],
    ],
    8,
    [7, 5, 1],
  ],
  [
    [Array.from({ length: 100 }, (_, n) => 200 - 2 * n), Array.from({ length: 100 }, (_, n) => 199 - 2 * n)],
    201,
    Array.from({ length: 200 }, (_, n) => 200 - n),
  ],
])('lists merged are one list, newest first', (lists, before, merged) => {
  const read = (list: number, end: number, limit: number) =>
    (lists[list] ?? []).filter((sequence) => sequence < end).slice(0, limit);
  expect([...mergeNewestFirst([...lists.keys()], before, read)]).toEqual(merged);
});

it('finds the place of a time among events, some of which are gone', async () => {
  const { db, store } = openStore();
  await keepAll(store, [payment('a', 1), record('b', 2), payment('c', 2), payment('d', 4), record('e', 6)]);
  const { from } = createSequences(db, 'events', 'first_seen_at');
  const places = () => [0, 1, 2, 3, 4, 5, 6, 7].map((minute) => from(at(minute)));
  const beyond = Number.MAX_SAFE_INTEGER;
  expect(places()).toEqual([0, 0, 2, 4, 4, 5, 5, beyond]);
  expect(from('')).toBe(0);
  await store.prune(at(5), 10);
  // Any number between two events will do.
  for (const [minute, ids] of [
    [0, ['e', 'b']],
    [3, ['e']],
    [5, ['e']],
    [7, []],
  ] as const) {
    expect(await listed(store, { since: at(minute) })).toEqual(ids);
  }
});

it('combinations that are too many to be merged are walked', async () => {
  const { store } = openStore();
  const ids = numbered(600);
  await Promise.all(
    ids.map((id, n) => keep(store, record(id, 0, { service: id, severity: n % 2 ? 'info' : 'critical' }))),
  );
  expect(await listed(store, { severity: 'info' })).toEqual(ids.filter((_, n) => n % 2 === 1).reverse());
});

it('a thread that says nothing is waited for no longer than it may take', async () => {
  const listings = createListings(20);
  const listing = listings.open(newPath());
  const post = vi.spyOn(Worker.prototype, 'postMessage').mockImplementation(() => undefined);
  await expect(listing.listEvents({ limit: 1 })).rejects.toThrow('there was no answer within 20 ms');
  await expect(listing.close()).resolves.toBeUndefined();
  post.mockRestore();
  await listings.close();
});
