import { inflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { at, hardText, keep, noScopes, numbered, payment, record } from '../../contract/event-store/setup.ts';
import { newPath, openStore } from './open-file.ts';

const rawOf = (id: string): string => JSON.stringify({ id, text: `${hardText}\u001e` });

/** Those that are asked for at once share a commit. */
const keepTogether = async (store: EventStore, ids: readonly string[], raw = rawOf): Promise<void> => {
  await Promise.all(ids.map((id, index) => keep(store, payment(id, index), { rawJson: raw(id) })));
};

const read = async (store: EventStore, ids: readonly string[]): Promise<readonly (string | undefined)[]> =>
  Promise.all(ids.map((id) => store.readRaw(id)));

/** How many objects have a row of their own, and of how many events each pack is. */
const rows = ({ db }: Pick<ReturnType<typeof openStore>, 'db'>) => ({
  alone: db.prepare('SELECT count(*) AS count FROM raws').get()?.count,
  packs: db
    .prepare('SELECT last - first + 1 AS events FROM raw_packs')
    .all()
    .map(({ events }) => events),
});

const ids = numbered(40);
const few = numbered(7, 'few');

it('the objects of one commit are one pack, of which each is read as it came, after a restart too', async () => {
  const path = newPath();
  const first = openStore(path);
  await keepTogether(first.store, ids);
  expect(rows(first)).toEqual({ alone: 0, packs: [40] });
  expect(await read(first.store, ids)).toEqual(ids.map(rawOf));
  await first.store.close();

  const { store } = openStore(path);
  expect(await read(store, ids)).toEqual(ids.map(rawOf));
  expect(await store.readEvent('evt_7')).toMatchObject({ rawJson: rawOf('evt_7') });
  const { events } = await store.listEvents({ limit: 100, withRaw: true });
  expect(events.map(({ rawJson }) => rawJson)).toEqual(ids.map(rawOf).toReversed());
});

it('an object that has few beside it in its commit, or is large, has a row of its own, and a pack holds so much', async () => {
  const opened = openStore();
  await keepTogether(opened.store, few);
  expect(rows(opened)).toEqual({ alone: 7, packs: [] });
  const large = (id: string) => JSON.stringify([id, 'x'.repeat(id === 'evt_3' ? 20_000 : 10_000)]);
  await keepTogether(opened.store, ids, large);
  expect(rows(opened)).toEqual({ alone: 8, packs: [14, 13, 13] });
  expect(await read(opened.store, [...few, ...ids])).toEqual([...few.map(rawOf), ...ids.map(large)]);
});

it('an event without an object has none, between others that have one', async () => {
  const opened = openStore();
  const { store } = opened;
  const rawJsonOf = (index: number) => (index % 2 === 0 ? rawOf(`evt_${index}`) : undefined);
  await Promise.all(ids.map((id, index) => keep(store, payment(id, index), { rawJson: rawJsonOf(index) })));
  expect(rows(opened)).toEqual({ alone: 0, packs: [39] });
  expect(await read(store, ids)).toEqual(ids.map((_, index) => rawJsonOf(index)));
  const { events } = await store.listEvents({ limit: 2, withRaw: true });
  expect(events.map(({ rawJson }) => rawJson)).toEqual([null, rawOf('evt_38')]);
});

it('an object that changes is told as it is now, in its commit or after it', async () => {
  const { store } = openStore();
  const change = (rawJson: string) =>
    store.transact({ ...noScopes, eventId: 'evt_1' }, () => ({ result: undefined, rawJson }));
  await Promise.all([keepTogether(store, ids), change('"soon"')]);
  expect(await read(store, ['evt_0', 'evt_1', 'evt_2'])).toEqual([rawOf('evt_0'), '"soon"', rawOf('evt_2')]);
  await change('"later"');
  expect(await read(store, ['evt_0', 'evt_1', 'evt_2'])).toEqual([rawOf('evt_0'), '"later"', rawOf('evt_2')]);
  const { events } = await store.listEvents({ limit: 2, until: at(2), withRaw: true });
  expect(events.map(({ rawJson }) => rawJson)).toEqual(['"later"', rawOf('evt_0')]);
});

it('a pruned event leaves nothing of its object, and its neighbours keep theirs', async () => {
  const opened = openStore();
  const { db, store } = opened;
  await Promise.all([
    keep(store, payment('a'), { rawJson: '"of a"' }),
    keep(store, record('goes on'), { rawJson: '"goes on"' }),
    keep(store, payment('b', 1), { rawJson: '"of b"' }),
    keepTogether(store, few),
  ]);
  const packed = () => {
    const body = db.prepare('SELECT body FROM raw_packs').get()?.body;
    return body instanceof Uint8Array ? inflateRawSync(body).toString() : undefined;
  };
  expect(packed()).toContain('of a');
  expect(await store.prune('2027', 1)).toBe(1);
  expect(packed()).not.toContain('of a');
  expect(await read(store, ['a', 'goes on', 'b'])).toEqual([undefined, '"goes on"', '"of b"']);
  expect(await store.prune('2027', 9)).toBe(8);
  expect(packed()).not.toContain('of b');
  expect(await store.readRaw('goes on')).toBe('"goes on"');
});

it('a pack goes with the last of its events', async () => {
  const opened = openStore();
  await keepTogether(opened.store, ids);
  expect(await opened.store.prune('2027', 15)).toBe(15);
  expect(rows(opened)).toEqual({ alone: 0, packs: [40] });
  expect(await opened.store.prune('2027', 25)).toBe(25);
  expect(rows(opened)).toEqual({ alone: 0, packs: [] });
});

it('a commit that fails keeps no object, and the next one is not given those of before', async () => {
  const opened = openStore();
  const { db, store } = opened;
  db.exec(`CREATE TEMP TRIGGER broken BEFORE INSERT ON raw_packs BEGIN SELECT RAISE(ABORT, 'broken'); END`);
  await expect(keepTogether(store, ids)).rejects.toThrow('broken');
  db.exec('DROP TRIGGER broken');
  const next = numbered(9, 'next');
  await keepTogether(store, next);
  expect(rows(opened)).toEqual({ alone: 0, packs: [9] });
  expect(await read(store, ['evt_0', ...next])).toEqual([undefined, ...next.map(rawOf)]);
});
