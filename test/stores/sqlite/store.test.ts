import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { StoreUnavailable, StoreUnusable } from '../../../src/lib/errors.ts';
import type { DeliveryQuery, EventQuery, EventRecord, EventStore } from '../../../src/stores/event-store.ts';
import { toDeliveryRow, toEventRow } from '../../../src/stores/rows.ts';
import { connect } from '../../../src/stores/sqlite/connect.ts';
import { firstSinceSql, listDeliveriesStatement, listStatement } from '../../../src/stores/sqlite/list.ts';
import { migrations } from '../../../src/stores/sqlite/migrations.ts';
import { readSql } from '../../../src/stores/sqlite/read.ts';
import { createSqliteStore, createStoreOn } from '../../../src/stores/sqlite/store.ts';
import { durableStoreContract } from '../../contract/durable-store.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { aDelivery, aRecord } from '../../support/builders.ts';

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sqlite-'));
});
afterAll(() => rm(folder, { recursive: true }));

const newPath = (): string => {
  files += 1;
  return join(folder, `${files}.db`);
};
const lastPath = (): string => join(folder, `${files}.db`);

eventStoreContract('sqlite', () => createSqliteStore({ path: newPath() }));
durableStoreContract('sqlite', {
  create: () => createSqliteStore({ path: newPath() }),
  reopen: () => createSqliteStore({ path: lastPath() }),
});

/** A store on a file that the test can look into. Both are closed after the test. */
const openStore = (path = newPath()): { readonly db: DatabaseSync; readonly store: EventStore } => {
  const db = connect(path);
  const store = createStoreOn(db);
  onTestFinished(() => store.close());
  return { db, store };
};

const record = (id: string, overrides: Partial<Omit<EventRecord, 'event'>> = {}, raw: unknown = null): EventRecord =>
  aRecord({ event_id: id, source: 'stripe', kind: 'payment', raw }, { subject: id, ...overrides });

const keep = (store: EventStore, kept: EventRecord): Promise<void> =>
  store.change(kept.event.event_id, () => ({ result: undefined, record: kept }));

const revise = (store: EventStore, id: string, change: (found: EventRecord) => Partial<EventRecord>): Promise<void> =>
  store.change(id, (found) => {
    if (found === undefined || found === 'forgotten') throw new Error(`${id} is not stored`);
    return { result: undefined, record: { ...found, ...change(found) } };
  });

const listed = async (store: EventStore, query: Partial<EventQuery> = {}): Promise<readonly string[]> =>
  (await store.list({ limit: 1000, ...query })).records.map(({ event }) => event.event_id);

const planOf = (db: DatabaseSync, sql: string): string =>
  db
    .prepare(`EXPLAIN QUERY PLAN ${sql}`)
    .all()
    .map(({ detail }) => detail)
    .join('; ');

it.each<[Partial<EventQuery>, string]>([
  [{}, 'INTEGER PRIMARY KEY (rowid>? AND rowid<?)'],
  [{ source: 'stripe' }, 'INDEX events_source (source=? AND rowid>? AND rowid<?)'],
  [{ kind: 'payment' }, 'INDEX events_kind (kind=? AND rowid>? AND rowid<?)'],
  [{ severity: 'info' }, 'INDEX events_severity (severity=? AND rowid>? AND rowid<?)'],
  [{ service: 'acme' }, 'INDEX events_service (service_key=? AND rowid>? AND rowid<?)'],
  [{ state: 'resolved' }, 'INDEX events_open (is_open=? AND rowid>? AND rowid<?)'],
  [{ routed: false }, 'INDEX events_routed (routed=? AND rowid>? AND rowid<?)'],
  [{ state: 'open', service: 'acme' }, 'INDEX events_service (service_key=? AND rowid>? AND rowid<?)'],
])('a list of %j walks one index, in order and from the cursor on', (query, index) => {
  const { db } = openStore();
  expect(planOf(db, listStatement({ limit: 10, ...query }).sql)).toBe(`SEARCH events USING ${index}`);
});

it.each<[Partial<DeliveryQuery>, string]>([
  [{}, 'PRIMARY KEY (event>? AND (event,ordinal)<(?,?))'],
  [{ status: 'failed' }, 'INDEX deliveries_status (status=? AND event>? AND (event,ordinal)<(?,?))'],
  [{ action: 'resolve' }, 'INDEX deliveries_action (action=? AND event>? AND (event,ordinal)<(?,?))'],
  [{ destination: 'x' }, 'INDEX deliveries_destination (destination=? AND event>? AND (event,ordinal)<(?,?))'],
  [{ destination: 'x', status: 'failed' }, 'INDEX deliveries_status (status=? AND event>? AND (event,ordinal)<(?,?))'],
])('a list of the deliveries of %j walks one index, in order and from the cursor on', (query, index) => {
  const { db } = openStore();
  const plan = planOf(db, listDeliveriesStatement({ limit: 10, ...query }).sql);
  expect(plan.split('; ')[0]).toBe(`SEARCH deliveries USING ${index}`);
  expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
});

it('deliveries of the schema before are found and listed once it is migrated', async () => {
  const path = newPath();
  const old = new DatabaseSync(path);
  old.exec(`${migrations[0]}; PRAGMA application_id = ${0x76736967}; PRAGMA user_version = 1`);
  const trigger = aDelivery({ event_id: 'a', status: 'failed', last_error: '\u0000 "id":"dlv_0"' });
  const resolve = aDelivery({ event_id: 'a', action: 'resolve' });
  const { event_key: key, service_key: service, body, ...row } = toEventRow(record('a'));
  old
    .prepare(
      `INSERT INTO events (event_key, service_key, source, kind, severity, is_open, awaits_end, routed, undecided,
        first_seen_at, last_seen_at, seen_count, body) VALUES (?, ?, ?, ?, ?, 1, 1, 0, 0, ?, ?, 1, ?)`,
    )
    .run(key, service, row.source, row.kind, row.severity, row.first_seen_at, row.last_seen_at, body);
  for (const [ordinal, delivery] of [trigger, resolve].entries()) {
    const { destination, position, status, due_at: dueAt, body: text } = toDeliveryRow(delivery);
    old
      .prepare('INSERT INTO deliveries VALUES (1, ?, ?, ?, ?, ?, ?)')
      .run(ordinal, destination, position, status, dueAt, text);
  }
  old.close();

  const { store } = openStore(path);
  expect((await store.listDeliveries({ limit: 9, action: 'resolve' })).deliveries).toEqual([resolve]);
  expect((await store.listDeliveries({ limit: 9, status: 'failed' })).deliveries).toEqual([trigger]);
  expect(await store.findDelivery(trigger.id)).toEqual(trigger);
});

it.each<[string, string, string]>([
  ['the first event since a moment', firstSinceSql, 'events_first_seen (first_seen_at>?)'],
  ['an event', readSql.find, 'sqlite_autoindex_events_1 (event_key=?)'],
  ['the open events of a source', readSql.openEvents, 'events_awaiting_end (source=?)'],
  ['what is undecided', readSql.undecided, 'events_undecided (last_seen_at<?)'],
  ['what is due', readSql.due, 'deliveries_due (due_at<?)'],
  ['a delivery', readSql.delivery, 'deliveries_id (id=?)'],
  ['what changed', readSql.changes, 'events_changed (revision>?)'],
  ['the deliveries of an event', readSql.deliveries, 'PRIMARY KEY (event=?)'],
  ['the history of an event', readSql.history, 'PRIMARY KEY (event=?)'],
  ['the attempts of an event', readSql.attempts, 'PRIMARY KEY (event=?)'],
  ['a state', readSql.state, 'PRIMARY KEY (key=?)'],
])('%s is found by an index, and nothing is sorted', (_what, sql, index) => {
  const { db } = openStore();
  const plan = planOf(db, sql);
  expect(plan).toContain(index);
  expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
});

it('counts what is pending from an index that holds nothing else', () => {
  const { db } = openStore();
  expect(planOf(db, readSql.backlog)).toBe('SCAN deliveries USING INDEX deliveries_pending');
});

it('the number of the newest change is found at the end of its index', () => {
  const { db } = openStore();
  expect(planOf(db, readSql.latestChange)).toBe('SEARCH events USING COVERING INDEX events_changed');
});

it('a change that is rolled back is not told, and none after it is missed', async () => {
  const { db, store } = openStore();
  const now = await store.changes(null, 1);
  const cursor = now === 'lost' ? now : now.cursor;
  db.exec('BEGIN');
  await expect(keep(store, record('a'))).rejects.toBeInstanceOf(StoreUnavailable);
  expect(await store.changes(cursor, 10)).toEqual({ records: [], cursor });
  await keep(store, record('b'));
  expect(await store.changes(cursor, 10)).toMatchObject({ records: [{ subject: 'b' }] });
});

it('finds nothing by a filter that only begins as a value does', async () => {
  const { store } = openStore();
  await keep(store, record('a'));
  expect(await listed(store, { source: 'stripe' })).toEqual(['a']);
  expect(await listed(store, { source: 'stripe\u0000' })).toEqual([]);
});

it('waits for the disk at each commit, and keeps the parts of an event together', () => {
  const { db } = openStore();
  const setting = (name: string) => Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  expect(['journal_mode', 'synchronous', 'foreign_keys', 'locking_mode'].map(setting)).toEqual([
    'wal',
    2,
    1,
    'exclusive',
  ]);
});

it('changes that are asked for together share one commit', async () => {
  const { db, store } = openStore();
  const exec = vi.spyOn(db, 'exec');
  await Promise.all(Array.from({ length: 50 }, (_, index) => keep(store, record(`evt_${index}`))));
  expect(exec.mock.calls.map(([sql]) => sql)).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
});

it('a change that fails by itself leaves nothing behind, and does not hold up those it shares a commit with', async () => {
  const { store } = openStore();
  const broken = new Error('the decision is broken');
  const results = await Promise.allSettled([
    keep(store, record('a')),
    store.change('a', () => {
      throw broken;
    }),
    // JSON knows no such number.
    keep(store, record('b', {}, { amount: 1n })),
    revise(store, 'a', () => ({ deliveries: [aDelivery({ event_id: 'a' })], routing_reason: 'because' })),
  ]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(results[1]).toMatchObject({ reason: broken });
  expect(results[2]).toMatchObject({ reason: expect.any(TypeError) });
  expect(await listed(store)).toEqual(['a']);
  expect(await store.find('a')).toMatchObject({ routing_reason: 'because', deliveries: [{ event_id: 'a' }] });
});

/** Stores batches of events until the store refuses one, and gives the ids of those that were acknowledged. */
const fill = async (store: EventStore): Promise<{ readonly ids: readonly string[]; readonly refusal: unknown }> => {
  const ids: string[] = [];
  for (;;) {
    const batch = Array.from({ length: 10 }, (_, index) => `evt_${ids.length + index}`);
    const results = await Promise.allSettled(batch.map((id) => keep(store, record(id, {}, 'x'.repeat(2000)))));
    const refused = results.filter((result) => result.status === 'rejected');
    if (refused.length > 0) {
      expect(refused).toHaveLength(batch.length);
      return { ids, refusal: refused[0]?.reason };
    }
    ids.push(...batch);
  }
};

it('refuses for now what has no room, keeps what it acknowledged, and goes on when there is room', async () => {
  const { db, store } = openStore();
  db.exec('PRAGMA max_page_count = 100');
  const { ids, refusal } = await fill(store);
  expect(refusal).toBeInstanceOf(StoreUnavailable);
  expect(refusal).toMatchObject({ code: 'store_unavailable', cause: { errstr: 'database or disk is full' } });
  expect(await listed(store)).toEqual([...ids].reverse());
  await expect(store.saveState('key', 'x'.repeat(100_000))).rejects.toBeInstanceOf(StoreUnavailable);

  db.exec('PRAGMA max_page_count = 1000');
  await keep(store, record('next'));
  expect(await listed(store)).toEqual(['next', ...[...ids].reverse()]);
});

it('a commit that fails leaves no transaction behind, and the next one goes well', async () => {
  const { db, store } = openStore();
  // No commit can begin within this.
  db.exec('BEGIN');
  await expect(keep(store, record('a'))).rejects.toBeInstanceOf(StoreUnavailable);
  expect(db.isTransaction).toBe(false);
  await keep(store, record('b'));
  expect(await listed(store)).toEqual(['b']);
});

it.each<[string, (found: EventRecord) => Partial<EventRecord>]>([
  ['a sighting', ({ seen_count }) => ({ seen_count: seen_count + 1, last_seen_at: '2026-03-01T11:45:00.000Z' })],
  ['a step in a delivery', () => ({ deliveries: [aDelivery({ event_id: 'a', attempts: 1 })] })],
])('%s does not write the event anew', async (_what, change) => {
  const { db, store } = openStore();
  await keep(store, record('a', { deliveries: [aDelivery({ event_id: 'a' })] }));
  db.exec(`CREATE TEMP TRIGGER guard BEFORE UPDATE OF body ON events BEGIN SELECT RAISE(ABORT, 'written'); END`);
  await revise(store, 'a', change);
  expect(await store.find('a')).toMatchObject(change(record('a')));
  await expect(revise(store, 'a', () => ({ version: 2 }))).rejects.toThrow('written');
});

it('keeps the deliveries that the last change left, in its order', async () => {
  const { store } = openStore();
  const [one, two, three] = [1, 2, 3].map((cycle) => aDelivery({ event_id: 'a', cycle }));
  if (!one || !two || !three) throw new Error('three were made');
  await keep(store, record('a', { deliveries: [one, two, three] }));
  await revise(store, 'a', () => ({ deliveries: [three, one] }));
  expect(await store.find('a')).toMatchObject({ deliveries: [three, one] });
  expect(await store.dueDeliveries(Date.parse('2026-03-02'), 10)).toHaveLength(1);
});

it('a clock that steps back does not put a newer event behind an older one', async () => {
  const { store } = openStore();
  const seenAt = (time: string) => ({ first_seen_at: `2026-03-01T${time}.000Z` });
  await keep(store, record('first', seenAt('12:00:00')));
  await Promise.all([
    keep(store, record('second', seenAt('11:00:00'))),
    keep(store, record('third', seenAt('12:00:01'))),
  ]);
  await keep(store, record('fourth', seenAt('11:00:00')));

  expect(await listed(store)).toEqual(['fourth', 'third', 'second', 'first']);
  expect(await store.find('second')).toMatchObject(seenAt('12:00:00'));
  expect(await listed(store, { since: '2026-03-01T12:00:00.000Z', until: '2026-03-01T12:00:01.000Z' })).toEqual([
    'second',
    'first',
  ]);
});

it('when an event was first seen does not change', async () => {
  const { store } = openStore();
  await keep(store, record('a'));
  await revise(store, 'a', () => ({ first_seen_at: '2020-01-01T00:00:00.000Z', version: 2 }));
  expect(await store.find('a')).toMatchObject({ first_seen_at: '2026-03-01T11:30:00.000Z', version: 2 });
});

it('pruning leaves no row of an event, and its place in the order to nobody', async () => {
  const { db, store } = openStore();
  const delivery = aDelivery({ event_id: 'a', status: 'delivered', next_attempt_at: null });
  await store.change('a', () => ({
    result: undefined,
    record: record('a', { deliveries: [delivery] }),
    history: [{ at: '2026-03-01T11:30:00.000Z', change: 'stored', request_id: 'r' }],
    attempt: {
      deliveryId: delivery.id,
      attempt: { number: 1, started_at: '', duration_ms: 1, outcome: 'delivered', status_code: 202, error: null },
    },
  }));
  const rows = () =>
    ['events', 'deliveries', 'history', 'attempts'].map((table) => db.prepare(`SELECT * FROM ${table}`).all().length);
  expect(rows()).toEqual([1, 1, 1, 1]);
  await store.prune('2027', 10);
  expect(rows()).toEqual([0, 0, 0, 0]);
  await keep(store, record('b'));
  expect(db.prepare('SELECT sequence FROM events').get()).toEqual({ sequence: 2 });
});

it('a store that was closed says that it cannot answer, and may be closed again', async () => {
  const store = createSqliteStore({ path: newPath() });
  await store.ping();
  await store.close();
  await store.close();
  for (const asked of [
    store.ping(),
    store.find('a'),
    store.list({ limit: 1 }),
    keep(store, record('a')),
    store.prune('2027', 1),
  ]) {
    await expect(asked).rejects.toBeInstanceOf(StoreUnavailable);
  }
});

const refusalOf = (path: string): string => {
  try {
    createSqliteStore({ path });
  } catch (error) {
    if (error instanceof StoreUnusable) return error.message;
    throw error;
  }
  throw new Error('it was opened');
};

it.each<[string, (path: string) => Promise<string>, string]>([
  ['a folder that is missing', async (path) => join(path, 'events.db'), 'its folder does not exist'],
  ['a folder', async (path) => (await mkdir(path)) ?? path, 'it must be a file'],
  ['memory', async () => ':memory:', 'it is not a file on a disk'],
  [
    'something else than a database',
    async (path) => {
      await writeFile(path, 'events, one a line\n'.repeat(100));
      return path;
    },
    'it is not an SQLite database',
  ],
  [
    'the database of another program',
    async (path) => {
      const other = new DatabaseSync(path);
      other.exec('CREATE TABLE songs (title TEXT)');
      other.close();
      return path;
    },
    'it is the database of another program',
  ],
  [
    'what a newer version wrote',
    async (path) => {
      const newer = connect(path);
      newer.exec('PRAGMA user_version = 999');
      newer.close();
      return path;
    },
    `its schema is version 999, and this program knows versions up to ${migrations.length}`,
  ],
])('refuses %s, and says why', async (_what, make, reason) => {
  const path = await make(newPath());
  expect(refusalOf(path)).toContain(`the store ${path} cannot be used: `);
  expect(refusalOf(path)).toContain(reason);
});

/** Runs `work` as somebody for whom permissions count, which they do not for root. */
const asNobody = <T>(work: () => T): T => {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
};

it.each([
  ['a file that may only be read', 0o444, 0o777],
  ['a folder that may only be read', 0o666, 0o555],
])('refuses %s, and says why', async (_what, fileMode, folderMode) => {
  const inside = await mkdtemp(join(tmpdir(), 'sqlite-read-only-'));
  onTestFinished(() => rm(inside, { recursive: true, force: true }));
  const path = join(inside, 'events.db');
  await createSqliteStore({ path }).close();
  await chmod(path, fileMode);
  await chmod(inside, folderMode);
  expect(asNobody(() => refusalOf(path))).toMatch(/may not be written to|must be a file that may be written to/);
  await chmod(inside, 0o777);
});

it('is one process’s own until that ends, however it ends', async () => {
  const path = newPath();
  const module = new URL('../../../src/stores/sqlite/store.ts', import.meta.url).href;
  await createSqliteStore({ path }).close();
  const other = spawn(
    process.execPath,
    [
      '--input-type=module',
      '--eval',
      `const { createSqliteStore } = await import(${JSON.stringify(module)});
       const store = createSqliteStore({ path: ${JSON.stringify(path)} });
       await store.saveState('who', 'other');
       console.log('open');
       setInterval(() => undefined, 1000);`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void other.kill('SIGKILL'));
  await once(other.stdout, 'data');
  expect(refusalOf(path)).toContain('another process uses it');

  other.kill('SIGKILL');
  await once(other, 'exit');
  const { store } = openStore(path);
  expect(await store.loadState('who')).toBe('other');
});

it('opening a file again writes nothing, so that a full disk does not prevent it', async () => {
  const path = newPath();
  await createSqliteStore({ path }).close();
  const { db } = openStore(path);
  expect(db.prepare('SELECT total_changes() AS changes').get()).toEqual({ changes: 0 });
});
