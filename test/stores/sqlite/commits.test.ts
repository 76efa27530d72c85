// What a commit keeps, and what becomes of one that fails.
import { expect, it, vi } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import type { HistoryEntry } from '../../../src/domain/history.ts';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import {
  alert,
  at,
  attempt,
  deliveriesOf,
  entry,
  keep,
  keepTold,
  listed,
  noScopes,
  numbered,
  payment,
  record,
  reviseAlert,
  reviseDelivery,
  reviseEvent,
} from '../../contract/event-store/setup.ts';
import { newPath, openStore } from './open-file.ts';

it('waits for the disk at each commit, and leaves bringing the log into the file to the other thread', () => {
  const { db } = openStore();
  const setting = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  expect(['journal_mode', 'synchronous', 'wal_autocheckpoint'].map(setting)).toEqual(['wal', 2, 16_000]);
});

it('changes that are asked for together share one commit', async () => {
  const commits: number[] = [];
  const { db, store } = openStore(newPath(), (items) => commits.push(items));
  const exec = vi.spyOn(db, 'exec');
  await Promise.all([...numbered(50).map((id) => keep(store, record(id))), store.saveState('key', 1)]);
  expect(exec.mock.calls.map(([sql]) => sql)).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
  expect(commits).toEqual([51]);
});

it('a change that fails by itself leaves nothing behind, and does not hold up those it shares a commit with', async () => {
  const { store } = openStore();
  const broken = new Error('the decision is broken');
  // JSON knows no such number.
  const unwritable = { ...record('b'), facts: JSON.parse('{}', () => ({ amount: 1n })) };
  const results = await Promise.allSettled([
    keepTold(store, record('a'), []),
    store.transact({ ...noScopes, eventId: 'a' }, () => {
      throw broken;
    }),
    keep(store, unwritable, { alerts: [{ alert: alert('b'), history: [] }] }),
    reviseEvent(store, 'a', (found) => ({ ...found, routing_reason: 'because' })),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: broken });
  expect(results[2]).toMatchObject({ reason: expect.any(TypeError) });
  expect(await listed(store)).toEqual(['a']);
  expect(await store.readAlert('b')).toBe(undefined);
  expect(await store.find('a')).toMatchObject({ routing_reason: 'because' });
});

it.each<[string, (store: EventStore) => Promise<void>]>([
  ['a sighting', (store) => reviseEvent(store, 'a', (found) => ({ ...found, seen_count: 2, last_seen_at: at(9) }))],
  ['a step in a delivery', (store) => reviseDelivery(store, 'a', 0, { attempts: 1 })],
  [
    'an entry in its history',
    (store) =>
      store.transact({ ...noScopes, eventId: 'a' }, () => ({ result: undefined, eventHistory: [entry('updated')] })),
  ],
])('%s writes neither the event nor the alert nor the vendor’s object anew', async (_what, change) => {
  const { db, store } = openStore();
  await keepTold(store, record('a'), deliveriesOf('a', {}));
  for (const table of ['events', 'alerts', 'raws']) {
    db.exec(`CREATE TEMP TRIGGER ${table}_guard BEFORE UPDATE OF body ON ${table}
      BEGIN SELECT RAISE(ABORT, 'written'); END`);
  }
  await change(store);
  await expect(reviseEvent(store, 'a', (found) => ({ ...found, routed: true }))).rejects.toThrow('written');
});

it('a commit that fails leaves no transaction behind, and the next one goes well', async () => {
  const { db, store } = openStore();
  await keep(store, record('before'));
  const start = await store.changes(null, 1);
  const cursor = start === 'lost' ? start : start.cursor;
  // No commit can begin within this.
  db.exec('BEGIN');
  await expect(keepTold(store, record('a'), deliveriesOf('a', {}))).rejects.toBeInstanceOf(StoreUnavailable);
  expect(db.isTransaction).toBe(false);
  expect(await store.changes(cursor, 10)).toEqual({ events: [], alerts: [], cursor });
  expect(await store.find('a')).toBe(undefined);
  await keep(store, record('b', 0, { service: 'a new combination' }));
  expect(await listed(store)).toEqual(['b', 'before']);
  expect(await listed(store, { q: 'payments', service: 'a new combination' })).toEqual(['b']);
  expect(await store.changes(cursor, 10)).toMatchObject({ events: [{ record: { subject: 'b' } }] });
});

it('forgets what a failed commit had written, and the file counts', async () => {
  const { db, store } = openStore();
  await keep(store, record('a'));
  db.exec(`CREATE TEMP TRIGGER guard BEFORE INSERT ON alerts BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  const both = await Promise.allSettled([
    reviseEvent(store, 'a', (found) => ({ ...found, routed: true })),
    keepTold(store, record('b', 0, { service: 'new' }), []),
  ]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  db.exec('DROP TRIGGER guard');
  expect(await store.find('a')).toMatchObject({ routed: false });
  expect(await store.find('b')).toBe(undefined);
  await keepTold(store, record('b', 0, { service: 'new' }), []);
  expect(await listed(store, { service: 'new' })).toEqual(['b']);
});

/** Stores batches of events until the store refuses one, and gives the ids of those that were acknowledged. */
const fill = async (store: EventStore): Promise<{ readonly ids: readonly string[]; readonly refusal: unknown }> => {
  const ids: string[] = [];
  for (;;) {
    const batch = Array.from({ length: 10 }, (_, index) => `evt_${ids.length + index}`);
    const rawJson = JSON.stringify('x'.repeat(2000));
    const results = await Promise.allSettled(batch.map((id) => keep(store, payment(id), { rawJson })));
    const refused = results.filter((result) => result.status === 'rejected');
    if (refused.length > 0) {
      expect(refused).toHaveLength(batch.length);
      return { ids, refusal: refused[0]?.reason };
    }
    ids.push(...batch);
  }
};

it('refuses for now what has no room, says so when asked, keeps what it acknowledged, and goes on with room', async () => {
  const { db, store } = openStore();
  db.exec('PRAGMA max_page_count = 200');
  await expect(store.ping()).resolves.toBeUndefined();
  const { ids, refusal } = await fill(store);
  expect(refusal).toBeInstanceOf(StoreUnavailable);
  expect(refusal).toMatchObject({ code: 'store_unavailable', cause: { errstr: 'database or disk is full' } });
  await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
  expect(await listed(store)).toEqual([...ids].reverse());
  await expect(store.saveState('key', 'x'.repeat(100_000))).rejects.toBeInstanceOf(StoreUnavailable);

  db.exec('PRAGMA max_page_count = 2000');
  await expect(store.ping()).resolves.toBeUndefined();
  await keep(store, payment('next'));
  expect(await listed(store)).toEqual(['next', ...[...ids].reverse()]);
  for (const id of ids) expect(await store.find(id)).toBeDefined();
});

it('pruning leaves no row of an event and its alert, and their places in the order to nobody', async () => {
  const { db, store } = openStore();
  const tables = ['events', 'raws', 'raw_packs', 'event_keys', 'alerts', 'deliveries', 'combinations'];
  const rows = () => tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all().length);
  await keepTold(store, payment('a'), deliveriesOf('a', { status: 'delivered' }), {
    state: 'resolved',
    resolved_at: at(1),
  });
  await keep(store, payment('a', 0, { alert_id: 'a' }), { rawJson: '1' });
  expect(rows()).toEqual([1, 1, 0, 0, 1, 1, 1]);
  expect(await store.prune('2027', 10)).toBe(1);
  expect(rows()).toEqual([0, 0, 0, 0, 0, 0, 0]);
  await keepTold(store, payment('b'), []);
  expect(db.prepare('SELECT sequence FROM events').get()).toEqual({ sequence: 2 });
  expect(db.prepare('SELECT sequence FROM alerts').get()).toEqual({ sequence: 2 });
});

it('keeps the attempts of a delivery before which another one comes', async () => {
  const { store } = openStore();
  const [told, late] = deliveriesOf('a', {}, { destination: 'other' });
  if (!told || !late) throw new Error('two were made');
  await keepTold(store, record('a'), [told]);
  await store.transact(noScopes, () => ({ result: undefined, attempt: { deliveryId: told.id, attempt: attempt(1) } }));
  await reviseAlert(store, 'a', (found) => ({ ...found, deliveries: [late, ...found.deliveries] }));
  const read = await store.readAlert('a');
  expect(read?.alert.deliveries.map(({ id }) => id)).toEqual([late.id, told.id]);
  expect(read?.attempts).toEqual(new Map([[told.id, [attempt(1)]]]));
});

/** Changes the alert, and adds an entry to its history. */
const turn = (store: EventStore, id: string, change: HistoryEntry['change'], to: Partial<Alert>): Promise<void> =>
  store.transact({ ...noScopes, alertId: id }, ({ alerts: [found] }) => {
    if (!found) throw new Error('the alert is not stored');
    return { result: undefined, alerts: [{ alert: { ...found, ...to }, history: [entry(change)] }] };
  });

it('writes an alert that many events of a commit change once, as the last of them left it, with all of its history', async () => {
  const { db, store } = openStore();
  await keepTold(store, record('a'), []);
  const start = await store.changes(null, 1);
  if (start === 'lost') throw new Error('it was just asked');
  db.exec(`CREATE TEMP TABLE writes (body TEXT); CREATE TEMP TRIGGER watch AFTER UPDATE ON alerts
    BEGIN INSERT INTO writes VALUES (new.body); END`);
  await Promise.all(numbered(20).map((title) => turn(store, 'a', 'updated', { title })));
  expect(db.prepare('SELECT count(*) AS count FROM writes').get()).toEqual({ count: 1 });
  const read = await store.readAlert('a');
  expect(read?.alert.title).toBe('evt_19');
  expect(read?.history).toHaveLength(20);
  expect(await store.changes(start.cursor, 10)).toMatchObject({ alerts: [{ title: 'evt_19' }] });
});

it('decisions of one commit find an alert as those before them left it, however many others were changed since', async () => {
  const { store } = openStore();
  const ids = numbered(600);
  await Promise.all(ids.map((id) => keepTold(store, record(id), [], { scope: id })));
  const many = store.transact({ ...noScopes, scopes: ids }, ({ alerts }) => ({
    result: undefined,
    alerts: alerts.map((found) => ({ alert: { ...found, title: `changed ${found.alert_id}` }, history: [] })),
  }));
  const found = store.transact({ ...noScopes, alertId: 'evt_0' }, ({ alerts }) => ({ result: alerts[0]?.title }));
  const ended = turn(store, 'evt_1', 'resolved', { state: 'resolved', resolved_at: at(1) });
  const open = store.transact({ ...noScopes, scopes: ['evt_1'], endedSince: at(2) }, ({ alerts }) => ({
    result: alerts.length,
  }));
  await many;
  await ended;
  expect(await found).toBe('changed evt_0');
  expect(await open).toBe(0);
  expect((await store.readAlert('evt_1'))?.alert).toMatchObject({ title: 'changed evt_1', state: 'resolved' });
});

it('forgets the changes of an alert that a failed commit was about to write', async () => {
  const { db, store } = openStore();
  await keepTold(store, record('a'), []);
  db.exec(`CREATE TEMP TRIGGER guard BEFORE UPDATE ON alerts BEGIN SELECT RAISE(ABORT, 'refused'); END`);
  await expect(turn(store, 'a', 'updated', { title: 'never kept' })).rejects.toThrow('refused');
  db.exec('DROP TRIGGER guard');
  await keep(store, record('b'));
  expect(await store.readAlert('a')).toMatchObject({ alert: { title: alert('a').title }, history: [] });
});
