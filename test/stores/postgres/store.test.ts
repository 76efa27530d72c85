import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest';
import { errorText, StoreUnavailable, StoreUnusable } from '../../../src/lib/errors.ts';
import type { DeliveryQuery, EventQuery, EventRecord, EventStore } from '../../../src/stores/event-store.ts';
import { changesSql, lostKeyHash } from '../../../src/stores/postgres/feed.ts';
import { listDeliveriesStatement, listStatement } from '../../../src/stores/postgres/list.ts';
import { migrations } from '../../../src/stores/postgres/migrations.ts';
import { backlogSql } from '../../../src/stores/postgres/queries.ts';
import { createPostgresStore } from '../../../src/stores/postgres/store.ts';
import { hashOf } from '../../../src/stores/postgres/stored-event.ts';
import { sightSql } from '../../../src/stores/postgres/write.ts';
import { durableStoreContract } from '../../contract/durable-store.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { aDelivery, aRecord } from '../../support/builders.ts';
import { collectLog } from '../../support/log.ts';
import { databasePassword, type PostgresServer, startPostgres } from '../../support/postgres.ts';

let server: PostgresServer;
let lastUrl = '';
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.remove());

const { log, ...logged } = collectLog();
const newUrl = async (): Promise<string> => {
  lastUrl = await server.createSchema();
  return lastUrl;
};

eventStoreContract('postgres', async () => createPostgresStore({ url: await newUrl(), log }));
durableStoreContract('postgres', {
  create: async () => createPostgresStore({ url: await newUrl(), log }),
  reopen: () => createPostgresStore({ url: lastUrl, log }),
});

/** A store that is closed after the test. */
const openStore = (url: string): EventStore => {
  const store = createPostgresStore({ url, log });
  onTestFinished(() => store.close());
  return store;
};

/** So many stores on one empty schema, as replicas have them. */
const openReplicas = async (count: number): Promise<readonly EventStore[]> => {
  const url = await newUrl();
  return Array.from({ length: count }, () => openStore(url));
};

/** A connection past the stores, to the schema that was created last. */
const openClient = async (): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: lastUrl });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
};

/** Both connected, so that neither is ahead of the other. */
const openPair = async (): Promise<readonly [EventStore, EventStore]> => {
  const url = await newUrl();
  const pair = [openStore(url), openStore(url)] as const;
  await Promise.all(pair.map((store) => store.ping()));
  return pair;
};

const record = (id: string, overrides: Partial<Omit<EventRecord, 'event'>> = {}): EventRecord =>
  aRecord({ event_id: id, source: 'stripe', kind: 'payment' }, { subject: id, ...overrides });

const keep = (store: EventStore, kept: EventRecord): Promise<void> =>
  store.change(kept.event.event_id, () => ({ result: undefined, record: kept }));

/** Stores the event if it is not there yet, and tells whose request stored it. */
const storeAs = (store: EventStore, id: string, requestId: string): Promise<string> =>
  store.change(id, (found) => {
    if (found !== undefined && found !== 'forgotten') return { result: found.request_id };
    return {
      result: requestId,
      record: record(id, { request_id: requestId }),
      history: [{ at: '2026-03-01T12:00:00.000Z', change: 'stored', request_id: requestId }],
    };
  });

const countUp = (store: EventStore, id: string): Promise<void> =>
  store.change(id, (found) => {
    if (found === undefined || found === 'forgotten') throw new Error(`${id} is not stored`);
    return { result: undefined, record: { ...found, seen_count: found.seen_count + 1 } };
  });

const numbered = (count: number, prefix = 'evt'): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}_${index}`);

const everyMethod = (store: EventStore): Readonly<Record<string, () => Promise<unknown>>> => ({
  find: () => store.find('a'),
  change: () => keep(store, record('a')),
  read: () => store.read('a'),
  list: () => store.list({ limit: 1 }),
  listDeliveries: () => store.listDeliveries({ limit: 1 }),
  findDelivery: () => store.findDelivery('dlv_1'),
  changes: () => store.changes(null, 1),
  openEvents: () => store.openEvents('stripe'),
  dueDeliveries: () => store.dueDeliveries(0, 1),
  backlog: () => store.backlog(),
  undecided: () => store.undecided('9999', 1),
  loadState: () => store.loadState('key'),
  saveState: () => store.saveState('key', 1),
  prune: () => store.prune('2000', 1),
  exclusively: () => store.exclusively('work', async () => 'done'),
  lead: () => store.lead('poll', 1000),
  ping: () => store.ping(),
});

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error) => error,
  );

const expectNoPassword = (...errors: readonly unknown[]): void => {
  for (const error of errors) {
    expect(errorText(error)).not.toContain(databasePassword);
    expect(JSON.stringify(error)).not.toContain(databasePassword);
    expect(error instanceof Error && error.stack).not.toContain(databasePassword);
  }
  expect(logged.text()).not.toContain(databasePassword);
};

it('of a hundred who store one event at once through two replicas, one does', async () => {
  const [one, other] = await openPair();
  const requests = numbered(100, 'req');
  const seen = await Promise.all(requests.map((id, index) => storeAs(index % 2 ? one : other, 'evt', id)));
  expect(new Set(seen).size).toBe(1);
  const history = (await one.read('evt'))?.history;
  expect(history?.map(({ request_id: requestId }) => requestId)).toEqual([seen[0]]);
});

it('whoever loses a race decides again, and nothing of the first decision is kept or was seen', async () => {
  const [one, other] = await openPair();
  const ids = numbered(60);
  const raced = await Promise.all(
    [one, other].flatMap((store, index) => ids.map((id) => storeAs(store, id, `req_${index}`))),
  );
  const stored = await Promise.all(ids.map((id) => one.read(id)));
  expect(stored.map((detail) => detail?.record.request_id)).toEqual(raced.slice(0, 60));
  expect(raced.slice(0, 60)).toEqual(raced.slice(60));
  for (const detail of stored) expect(detail?.history).toHaveLength(1);
  expect((await one.list({ limit: 1000 })).records).toHaveLength(60);
});

it('a decision that broke over what a lost race took back is made again', async () => {
  const [one, other] = await openPair();
  const ids = numbered(60);
  const onlyOf = (store: EventStore, id: string, requestId: string) =>
    store.change(id, (found) => {
      if (found === undefined || found === 'forgotten') return { result: 'nothing' };
      if (found.request_id !== requestId) return { result: 'stored by the other' };
      throw new Error('stored by this one');
    });
  const outcomes = await Promise.all(
    [one, other].map((store, index) =>
      Promise.all(
        ids.map(async (id) => {
          const [stored, looked] = await Promise.allSettled([
            storeAs(store, id, `req_${index}`),
            onlyOf(store, id, `req_${index}`),
          ]);
          return stored.status === 'fulfilled' && (stored.value === `req_${index}`) === (looked.status === 'rejected');
        }),
      ),
    ),
  );
  expect(outcomes.flat().every(Boolean)).toBe(true);
});

it('no change is lost when two replicas change the same events at once, in any order', async () => {
  const [one, other] = await openPair();
  const ids = numbered(40);
  await Promise.all(ids.map((id) => keep(one, record(id))));
  const rounds = Array.from({ length: 10 }, () => [
    ...ids.map((id) => countUp(one, id)),
    ...ids.toReversed().map((id) => countUp(other, id)),
  ]);
  await Promise.all(rounds.flat());
  const counts = (await one.list({ limit: 1000 })).records.map(({ seen_count: seenCount }) => seenCount);
  expect(counts).toEqual(ids.map(() => 21));
});

it('a batch that is the victim of a deadlock is done again', async () => {
  const store = openStore(await newUrl());
  // Alike enough to be in one batch, and in the order in which a batch locks them.
  const alike = numbered(500).filter((id) => hashOf(id).startsWith('A'));
  const [first = '', second = ''] = alike.slice(0, 2).toSorted((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1));
  await keep(store, record(first));
  await keep(store, record(second));
  const client = await openClient();
  const lock = (id: string) => client.query('SELECT FROM events WHERE event_hash = $1 FOR UPDATE', [hashOf(id)]);
  await client.query("BEGIN; SET LOCAL deadlock_timeout = '1min'");
  await lock(second);
  const changes = [first, second].map((id) => countUp(store, id));
  await vi.waitFor(async () => {
    const waiting = await server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
    expect(waiting).toHaveLength(1);
  });
  await lock(first);
  await client.query('COMMIT');
  await Promise.all(changes);
  expect(await store.find(first)).toMatchObject({ seen_count: 2 });
  expect(await store.find(second)).toMatchObject({ seen_count: 2 });
});

it('an event that the database refuses fails alone', async () => {
  const store = openStore(await newUrl());
  const ids = numbered(30);
  const changes = ids.map((id, index) =>
    keep(store, { ...record(id), event: { ...record(id).event, source: index === 7 ? 'a\0b' : 'stripe' } }),
  );
  const outcomes = await Promise.allSettled(changes);
  expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7]);
  expect((await store.list({ limit: 1000 })).records).toHaveLength(29);
});

it('finds events whose id and service are longer than an index can hold', async () => {
  const store = openStore(await newUrl());
  const [id, service] = ['i', 's'].map((letter) => letter.repeat(100_000));
  const kept = aRecord({ event_id: `${id}1`, service: `${service}1` });
  await keep(store, kept);
  expect(await store.find(`${id}1`)).toEqual(kept);
  expect(await store.find(`${id}2`)).toBe(undefined);
  expect((await store.list({ limit: 5, service: `${service}1` })).records).toEqual([kept]);
  expect((await store.list({ limit: 5, service: `${service}2` })).records).toEqual([]);
  await store.saveState(`${id}3`, 'known');
  expect(await store.loadState(`${id}3`)).toBe('known');
});

it('a clock that steps back puts no newer event behind an older one, in one batch or the next', async () => {
  const [one, other] = await openPair();
  const seenAt = (second: number) => ({ first_seen_at: `2026-03-01T12:00:0${second}.000Z` });
  await keep(one, record('a', seenAt(5)));
  await keep(other, record('b', seenAt(3)));
  await keep(one, record('c', seenAt(7)));
  expect((await one.list({ limit: 9 })).records.map(({ event }) => event.event_id)).toEqual(['c', 'b', 'a']);
  expect(await one.find('b')).toMatchObject(seenAt(5));
  expect(
    (await one.list({ limit: 9, since: seenAt(5).first_seen_at, until: seenAt(6).first_seen_at })).records,
  ).toEqual(await Promise.all([one.find('b'), one.find('a')]));
});

it('lists nothing behind a cursor that no text of the database can be', async () => {
  const store = openStore(await newUrl());
  await keep(store, record('a'));
  const before = { firstSeenAt: '\0', sequence: Number.MAX_SAFE_INTEGER };
  expect(await store.list({ limit: 5, before })).toEqual({ records: [], next: null });
});

it('forgets a delivery that a change takes away', async () => {
  const store = openStore(await newUrl());
  const deliveries = ['one', 'two', 'three'].map((destination) => aDelivery({ event_id: 'a', destination }));
  await keep(store, record('a', { deliveries }));
  await keep(store, record('a', { deliveries: deliveries.slice(0, 1) }));
  expect(await store.find('a')).toMatchObject({ deliveries: deliveries.slice(0, 1) });
  expect(await store.dueDeliveries(Date.now(), 9)).toHaveLength(1);
});

it('leaves out deliveries that another replica is about to change, and does not wait for it', async () => {
  const store = openStore(await newUrl());
  for (const id of ['a', 'b']) await keep(store, record(id, { deliveries: [aDelivery({ event_id: id })] }));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('UPDATE deliveries SET status = status WHERE body LIKE \'%"event_id":"a"%\'');
  expect((await store.dueDeliveries(Date.now(), 9)).map(({ eventId }) => eventId)).toEqual(['b']);
  await client.query('ROLLBACK');
  expect((await store.dueDeliveries(Date.now(), 9)).map(({ eventId }) => eventId)).toEqual(['a', 'b']);
});

it('does not prune an event that is being changed in this moment', async () => {
  const store = openStore(await newUrl());
  for (const id of ['a', 'b']) await keep(store, record(id));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('UPDATE events SET owes = true WHERE event_hash = $1', [hashOf('a')]);
  expect(await store.prune('9999', 9)).toBe(1);
  await client.query('COMMIT');
  expect(await store.prune('9999', 9)).toBe(0);
  expect(await store.find('a')).toEqual(record('a'));
});

it('leaves nothing of a pruned event', async () => {
  const store = openStore(await newUrl());
  const delivery = aDelivery({ event_id: 'a', status: 'failed', next_attempt_at: null });
  await store.change('a', () => ({
    result: undefined,
    record: record('a', { deliveries: [delivery] }),
    history: [{ at: '2026-03-01T12:00:00.000Z', change: 'stored', request_id: 'r' }],
    attempt: {
      deliveryId: delivery.id,
      attempt: { number: 1, started_at: '', duration_ms: 1, outcome: 'permanent', status_code: 400, error: null },
    },
  }));
  const client = await openClient();
  const tables = ['events', 'deliveries', 'history', 'attempts'];
  const count = `SELECT ${tables.map((name) => `(SELECT count(*)::int FROM ${name}) AS ${name}`).join(', ')}`;
  expect((await client.query(count)).rows).toEqual([{ events: 1, deliveries: 1, history: 1, attempts: 1 }]);
  await store.prune('9999', 9);
  expect((await client.query(count)).rows).toEqual([{ events: 0, deliveries: 0, history: 0, attempts: 0 }]);
});

const position = { firstSeenAt: '2026-03-01T11:30:00.000Z', sequence: 500 };
it.each<[string, Partial<EventQuery>]>([
  ['events_by_time', {}],
  ['events_by_time', { before: position }],
  ['events_by_time', { since: '2026-03-01T11:00:00.000Z' }],
  ['events_by_time', { until: '2026-03-01T12:00:00.000Z' }],
  ['events_by_source', { source: 'stripe' }],
  ['events_by_source', { source: 'stripe', before: position }],
  ['events_by_kind', { kind: 'payment' }],
  ['events_by_severity', { severity: 'critical' }],
  ['events_by_service', { service: 'acme' }],
  ['events_by_service', { service: 'acme', before: position }],
  ['events_by_state', { state: 'open' }],
  ['events_by_state', { state: 'resolved', before: position }],
  ['events_by_routed', { routed: true }],
  ['events_by_routed', { routed: false, before: position }],
])('walks along %s to list %j', async (index, query) => {
  await openStore(await newUrl()).ping();
  const client = await openClient();
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
  const { sql, values } = listStatement({ limit: 50, ...query });
  const plan = (await client.query(`EXPLAIN ${sql}`, [...values])).rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain(`Index Scan Backward using ${index} on events`);
  // The deliveries of one event are sorted, the events are not.
  expect(plan.split('SubPlan')[0]).not.toContain('Sort');
  if (query.before) expect(plan).toMatch(/Index Cond: .*ROW\(/);
});

it.each<[string, Partial<DeliveryQuery>]>([
  ['deliveries_by_time', {}],
  ['deliveries_by_time', { since: '2026-03-01T11:00:00.000Z', until: '2026-03-01T12:00:00.000Z' }],
  ['deliveries_by_status', { status: 'failed' }],
  ['deliveries_by_status', { status: 'failed', before: { ...position, ordinal: 1 } }],
  ['deliveries_by_action', { action: 'resolve' }],
  ['deliveries_by_destination', { destination: 'pagerduty' }],
])('walks along %s to list the deliveries of %j', async (index, query) => {
  await openStore(await newUrl()).ping();
  const client = await openClient();
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
  const { sql, values } = listDeliveriesStatement({ limit: 50, ...query });
  const plan = (await client.query(`EXPLAIN ${sql}`, [...values])).rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toContain(`Index Scan Backward using ${index} on deliveries`);
  expect(plan).not.toContain('Sort');
  if (query.before) expect(plan).toMatch(/Index Cond: .*ROW\(/);
});

it('deliveries of the schema before are found and listed once it is migrated, and so are those of a replica that is not', async () => {
  const url = await newUrl();
  const client = await openClient();
  await client.query(
    `CREATE TABLE vendor_signals_migrations (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
    INSERT INTO vendor_signals_migrations (version) VALUES (1); ${migrations[0]}`,
  );
  const first = record('a', {
    deliveries: [aDelivery({ event_id: 'a', status: 'failed', last_error: '\u0000"id":"x"' })],
  });
  const insert = async (sequence: number, { event, first_seen_at: seenAt, deliveries }: EventRecord) => {
    const row = `'stripe', 'payment', 'critical', 'x', true, false, true, false, false, '${seenAt}', '${seenAt}', 1`;
    await client.query(`INSERT INTO events VALUES (${sequence}, '${hashOf(event.event_id)}', ${row}, '{}')`);
    await client.query(
      `INSERT INTO deliveries (event, ordinal, destination_key, position, status, body)
      VALUES (${sequence}, 0, '"pagerduty"', 3, 'failed', $1)`,
      [JSON.stringify(deliveries[0])],
    );
  };
  await insert(1, first);
  const store = openStore(url);
  await store.ping();
  const second = record('b', { deliveries: [aDelivery({ event_id: 'b', action: 'resolve', cycle: 1 })] });
  await insert(2, second);

  const since = first.first_seen_at;
  const expected = [...second.deliveries, ...first.deliveries];
  expect((await store.listDeliveries({ limit: 9, since })).deliveries).toEqual(expected);
  expect((await store.listDeliveries({ limit: 9, action: 'resolve' })).deliveries).toEqual(expected);
  for (const delivery of expected) expect(await store.findDelivery(delivery.id)).toEqual(delivery);
});

it('counts what is pending from indexes that hold nothing else', async () => {
  await openStore(await newUrl()).ping();
  const client = await openClient();
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
  const { rows } = await client.query(`EXPLAIN ${backlogSql}`);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Index Only Scan using deliveries_(due|pending)|Index Scan using deliveries_(due|pending)/);
  expect(plan).toMatch(/Limit.*\n.*Index Scan using deliveries_pending/);
  expect(plan).not.toContain('Seq Scan');
});

const toldAfter = async (store: EventStore, cursor: string | null) => {
  const changes = await store.changes(cursor, 100);
  if (changes === 'lost') throw new Error('the cursor is lost');
  return { ids: changes.records.map(({ event }) => event.event_id), cursor: changes.cursor };
};

it('what a transaction changes that was open while a later one was committed is told all the same', async () => {
  const [one, other] = await openPair();
  for (const id of ['a', 'b', 'c']) await keep(one, record(id));
  const start = (await toldAfter(one, null)).cursor;
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('UPDATE events SET changed_xid = pg_current_xact_id() WHERE event_hash = $1', [hashOf('a')]);
  await keep(other, record('b', { version: 2 }));
  const meanwhile = await toldAfter(one, start);
  expect(meanwhile.ids).toEqual([]);
  await client.query('COMMIT');
  const afterwards = await toldAfter(one, meanwhile.cursor);
  expect(afterwards.ids).toEqual(['a', 'b']);
  expect((await toldAfter(one, afterwards.cursor)).ids).toEqual([]);
});

it('what one replica changes is told by another, whose cursor both understand', async () => {
  const [one, other] = await openPair();
  const start = (await toldAfter(one, null)).cursor;
  await keep(one, record('a'));
  const told = await toldAfter(other, start);
  expect(told.ids).toEqual(['a']);
  await keep(other, record('b'));
  expect((await toldAfter(one, told.cursor)).ids).toEqual(['b']);
});

it('a cursor from ahead of the database, as after a restore, is lost', async () => {
  const store = openStore(await newUrl());
  const { cursor } = await toldAfter(store, null);
  const [transaction = ''] = cursor.split('.');
  expect(await store.changes(`${BigInt(transaction) + 1_000_000n}.0`, 10)).toBe('lost');
});

it('walks along events_by_change to tell what changed', async () => {
  await openStore(await newUrl()).ping();
  const client = await openClient();
  await client.query('SET enable_seqscan = off; SET enable_bitmapscan = off');
  const { rows } = await client.query(`EXPLAIN ${changesSql}`, [lostKeyHash, '7', '0', 100]);
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Limit.*\n +-> +Index Scan using events_by_change on events/);
  expect(plan).toMatch(/Index Cond: .*ROW\(changed_xid, sequence\) > ROW.* AND \(changed_xid < /);
});

it.each([
  ['no index', 'a mere sighting', false, 1],
  ['an index', 'a step in a delivery that is told', true, 0],
])('writes %s for %s', async (_which, _what, isNews, hot) => {
  await keep(openStore(await newUrl()), record('a'));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query(sightSql, [[1], [false], ['2026-03-01T12:00:00.000Z'], [2], [isNews]]);
  const { rows } = await client.query("SELECT pg_stat_get_xact_tuples_hot_updated('events'::regclass)::int AS hot");
  await client.query('ROLLBACK');
  expect(rows).toEqual([{ hot }]);
});

it('replicas that start together create the schema once', async () => {
  logged.lines.length = 0;
  const replicas = await openReplicas(8);
  await Promise.all(replicas.map((store, index) => keep(store, record(`evt_${index}`))));
  expect((await replicas[0]?.list({ limit: 100 }))?.records).toHaveLength(8);
  expect(logged.of('store.migrated')).toMatchObject([{ from: 0, to: migrations.length }]);
});

it('a schema of a newer version is left alone, and the store cannot be used', async () => {
  await openStore(await newUrl()).ping();
  const client = await openClient();
  await client.query('INSERT INTO vendor_signals_migrations (version) VALUES ($1)', [migrations.length + 1]);
  const store = openStore(lastUrl);
  for (const [name, call] of Object.entries(everyMethod(store))) {
    const error = await failureOf(call());
    expect(error, name).toBeInstanceOf(StoreUnusable);
    expect(errorText(error)).toContain(`version ${migrations.length + 1}`);
  }
});

it('a database whose tables are those of another program cannot be the store', async () => {
  await newUrl();
  const client = await openClient();
  await client.query('CREATE TABLE events (id text)');
  await expect(openStore(lastUrl).ping()).rejects.toMatchObject({ code: 'store_unusable' });
  expect((await client.query("SELECT to_regclass('deliveries') AS found")).rows).toEqual([{ found: null }]);
});

it.each([
  `postgres://user:${databasePassword}@host:port/db`,
  `postgres://user:${databasePassword}@host/db?sslrootcert=/nowhere`,
])('a URL that is none is told without its password', async (url) => {
  const error = await failureOf(openStore(url).ping());
  expect(error).toBeInstanceOf(StoreUnusable);
  expectNoPassword(error);
});

it('every method rejects while the database is away, and works again by itself when it is back', async () => {
  const store = openStore(await newUrl());
  const calls = Object.entries(everyMethod(store));
  await store.ping();
  for (const halt of [server.stop, server.kill]) {
    await halt();
    const since = performance.now();
    for (const [name, call] of calls) {
      const error = await failureOf(call());
      expect(error, name).toBeInstanceOf(StoreUnavailable);
      expect(error).toMatchObject({ code: 'store_unavailable', retryAfterSeconds: 5 });
      expectNoPassword(error);
    }
    expect(performance.now() - since).toBeLessThan(5000);
    await server.start();
    for (const [name, call] of calls) expect(await failureOf(call()), name).toBe(undefined);
  }
  expect(logged.of('store.connection_lost').length).toBeGreaterThan(0);
  expect(await store.find('a')).toEqual(record('a'));
});

it('a database that is away at the start is waited for', async () => {
  const url = await newUrl();
  await server.stop();
  const store = openStore(url);
  await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
  await server.start();
  await keep(store, record('a'));
  expect(await store.find('a')).toEqual(record('a'));
});

it('keeps what was answered, and loses no more, when the server is killed under load', async () => {
  const store = openStore(await newUrl());
  const ids = numbered(3000);
  let answered = 0;
  let killed: Promise<void> | undefined;
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      const error = await failureOf(keep(store, record(id)));
      answered += 1;
      if (answered === 500) killed = server.kill();
      return { id, error };
    }),
  );
  await killed;
  await server.start();
  const acknowledged = outcomes.filter(({ error }) => error === undefined);
  for (const { error } of outcomes) if (error !== undefined) expect(error).toBeInstanceOf(StoreUnavailable);
  expect(acknowledged.length).toBeLessThan(ids.length);
  for (const { id } of acknowledged) expect(await store.find(id)).toEqual(record(id));
});

it('connections that are cut while they are used and while they are not are replaced', async () => {
  const store = openStore(await newUrl());
  await keep(store, record('a'));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('SELECT FROM events FOR UPDATE');
  const waiting = failureOf(countUp(store, 'a'));
  await vi.waitFor(async () =>
    expect(await server.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).toHaveLength(1),
  );
  await server.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vendor-signals'",
  );
  expect(await waiting).toBeInstanceOf(StoreUnavailable);
  await client.query('ROLLBACK');
  await countUp(store, 'a');
  expect(await store.find('a')).toMatchObject({ seen_count: 2 });
});

it('one of several replicas leads, for as long as it asks again', async () => {
  const replicas = await openReplicas(5);
  const leading = await Promise.all(replicas.map((store) => store.lead('poll', 60_000)));
  expect(leading.filter(Boolean)).toHaveLength(1);
  expect(await Promise.all(replicas.map((store) => store.lead('poll', 60_000)))).toEqual(leading);
  const other = replicas[leading.indexOf(false)];
  expect(await other?.lead('another name', 60_000)).toBe(true);
});

it('the lead passes to another replica when it has run out', async () => {
  const [one, other] = await openPair();
  expect(await one.lead('poll', 0)).toBe(true);
  expect(await other.lead('poll', 60_000)).toBe(true);
  expect(await one.lead('poll', 60_000)).toBe(false);
});

it('work of one name is done one at a time, by whichever replica', async () => {
  const replicas = await openReplicas(3);
  let running = 0;
  let most = 0;
  const work = async () => {
    running += 1;
    most = Math.max(most, running);
    for (let turns = 0; turns < 5; turns++) await turn();
    running -= 1;
  };
  await Promise.all(replicas.flatMap((store) => numbered(10).map(() => store.exclusively('work', work))));
  expect(most).toBe(1);
});

it('work of two names, or in two schemas, goes on side by side', async () => {
  const one = openStore(await newUrl());
  const elsewhere = openStore(await newUrl());
  const done = await one.exclusively('work', () =>
    one.exclusively('other work', () => elsewhere.exclusively('work', async () => 'done')),
  );
  expect(done).toBe('done');
});

it('more pieces of work than there are connections are all done, and may use the store', async () => {
  const store = openStore(await newUrl());
  const ids = numbered(60);
  await Promise.all(ids.map((id) => store.exclusively(id, () => keep(store, record(id)))));
  expect((await store.list({ limit: 100 })).records).toHaveLength(60);
});

it('work is no longer exclusive when its connection is cut, and is ended all the same', async () => {
  const [one, other] = await openPair();
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<string>();
  const first = one.exclusively('work', () => {
    begun.resolve();
    return end.promise;
  });
  await begun.promise;
  let isSecondDone = false;
  const second = other.exclusively('work', async () => {
    isSecondDone = true;
  });
  await vi.waitFor(async () =>
    expect(await server.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")).toHaveLength(1),
  );
  expect(isSecondDone).toBe(false);
  await server.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted");
  await second;
  end.resolve('done');
  expect(await first).toBe('done');
});

it('may be closed twice, and answers nothing any more', async () => {
  const store = openStore(await newUrl());
  await store.ping();
  await store.close();
  await store.close();
  await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
});
