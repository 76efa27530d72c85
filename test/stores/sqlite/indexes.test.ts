// Ids and words go into their indexes many at a time: those that wait are found too, even after a restart.
import { expect, it } from 'vitest';
import { keep, listed, numbered, payment, record, reviseEvent } from '../../contract/event-store/setup.ts';
import { openStore } from './open-file.ts';

const count = (db: ReturnType<typeof openStore>['db'], table: string): number =>
  Number(Object.values(db.prepare(`SELECT count(*) FROM ${table}`).get() ?? {})[0]);

it('finds every one of many events, stored before and after their ids were indexed, and when opened again', async () => {
  const { db, store, path } = openStore();
  const ids = numbered(9000);
  const keepSome = (from: number, to: number) =>
    Promise.all(ids.slice(from, to).map((id) => keep(store, payment(id, 0, {}, { summary: `payout ${id}` }))));
  await keepSome(0, 4000);
  expect(count(db, 'event_keys')).toBe(0);
  // The run of the first ids has begun, and is not through.
  await keepSome(4000, 4600);
  expect(count(db, 'event_keys')).toBeGreaterThan(0);
  expect(count(db, 'event_keys')).toBeLessThan(4096);
  await store.close();

  const again = openStore(path);
  for (const id of ids.slice(0, 4600)) expect((await again.store.find(id))?.valueOf()).toMatchObject({ subject: id });
  await Promise.all(ids.slice(4600).map((id) => keep(again.store, payment(id, 0, {}, { summary: `payout ${id}` }))));
  expect(count(again.db, 'event_keys')).toBeGreaterThan(4096);
  for (const id of [...ids.slice(0, 20), ...ids.slice(4090, 4110), ...ids.slice(-20)]) {
    expect(await again.store.find(id)).toMatchObject({ subject: id });
    expect(await listed(again.store, { q: `payout ${id}` })).toEqual([id]);
  }
  expect(await again.store.find('evt_9000')).toBe(undefined);
  expect(await again.store.size()).toMatchObject({ events: 9000 });

  expect(await again.store.prune('2027', 8990)).toBe(8990);
  expect(await again.store.find('evt_5')).toBe(undefined);
  expect(await again.store.find('evt_8995')).toMatchObject({ subject: 'evt_8995' });
  expect(await listed(again.store, { q: 'payout' })).toEqual(ids.slice(8990).reverse());
}, 60_000);

it('finds changed words, of events that are indexed already and of those that are not', async () => {
  const { store } = openStore();
  const change = (id: string) =>
    reviseEvent(store, id, (found) => ({ ...found, event: { ...found.event, summary: `well again ${id}` } }));
  for (const id of numbered(70)) await keep(store, record(id));
  await keep(store, record('late'));
  for (const id of ['evt_3', 'late']) await change(id);
  expect(await listed(store, { q: 'again' })).toEqual(['late', 'evt_3']);
  expect(await listed(store, { q: 'payments' })).toHaveLength(69);
  for (const id of numbered(70, 'more')) await keep(store, record(id));
  expect(await listed(store, { q: 'again' })).toEqual(['late', 'evt_3']);
});

it('a failed commit leaves what waits for its index as it was', async () => {
  const { db, store } = openStore();
  const ids = numbered(4100);
  await Promise.all(ids.slice(0, 4000).map((id) => keep(store, payment(id))));
  // The commit in which the run would begin fails after it began.
  db.exec(`CREATE TEMP TRIGGER guard AFTER INSERT ON event_keys WHEN (SELECT count(*) FROM event_keys) > 100
    BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  const refused = await Promise.allSettled(ids.slice(4000).map((id) => keep(store, payment(id))));
  expect(refused.every(({ status }) => status === 'rejected')).toBe(true);
  expect(await store.find('evt_4099')).toBe(undefined);
  db.exec('DROP TRIGGER guard');
  await Promise.all(ids.slice(4000).map((id) => keep(store, payment(id))));
  for (let commits = 0; commits < 20; commits++) await store.saveState('key', commits);
  expect(count(db, 'event_keys')).toBe(4100);
  for (const id of [...ids.slice(0, 50), ...ids.slice(-50)])
    expect(await store.find(id)).toMatchObject({ subject: id });
}, 60_000);

it('an event is found by its id after a failed commit that would have removed it', async () => {
  const { db, store } = openStore();
  await keep(store, payment('a'));
  db.exec(`CREATE TEMP TRIGGER guard BEFORE DELETE ON combinations BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  await expect(store.prune('2027', 10)).rejects.toThrow('refused');
  expect(await store.find('a')).toBeDefined();
});
