import { expect, it } from 'vitest';
import { StoreUnavailable, StoreUnusable } from '../../../src/lib/errors.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { applicationName } from '../../../src/stores/postgres/connections.ts';
import {
  alert,
  keep,
  keepAlert,
  noScopes,
  numbered,
  payment,
  reviseEvent,
  stored,
} from '../../contract/event-store/setup.ts';
import { databasePassword } from '../../support/postgres.ts';
import { failureOf, useServer } from './setup.ts';

const { server, newUrl, openStore, openClient, untilWaiting, logged, expectNoPassword } = useServer({ durable: true });

const everyMethod = (store: EventStore): Readonly<Record<string, () => Promise<unknown>>> => ({
  transact: () => keep(store, payment('a')),
  find: () => store.find('a'),
  readEvent: () => store.readEvent('a'),
  readAlert: () => store.readAlert('a'),
  findDelivery: () => store.findDelivery('dlv_1'),
  readRaw: () => store.readRaw('a'),
  listEvents: () => store.listEvents({ limit: 1 }),
  listAlerts: () => store.listAlerts({ limit: 1 }),
  listDeliveries: () => store.listDeliveries({ limit: 1 }),
  changes: () => store.changes(null, 1),
  ongoingEvents: () => store.ongoingEvents('stripe'),
  dueDeliveries: () => store.dueDeliveries(0, 1),
  dueAlerts: () => store.dueAlerts(0, 1),
  stormOf: () => store.stormOf('storm', ''),
  backlog: () => store.backlog(),
  size: () => store.size(),
  loadState: () => store.loadState('key'),
  saveState: () => store.saveState('key', 1),
  changeState: () => store.changeState('key', (state) => ({ state, result: 1 })),
  prune: () => store.prune('2000', 1),
  withLock: () => store.withLock('work', async () => 'done'),
  tryLease: () => store.tryLease('poll', 1000),
  ping: () => store.ping(),
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
  for (const halt of [server().stop, server().kill]) {
    await halt();
    for (const [name, call] of calls) {
      const error = await failureOf(call());
      expect(error, name).toBeInstanceOf(StoreUnavailable);
      expect(error).toMatchObject({ code: 'store_unavailable', retryAfterSeconds: 5 });
      expectNoPassword(error);
    }
    await server().start();
    for (const [name, call] of calls) expect(await failureOf(call()), name).toBe(undefined);
  }
  expect(logged.of('store.connection_lost').length).toBeGreaterThan(0);
  expect(await store.find('a')).toEqual(payment('a'));
});

it('a database that is away at the start is waited for', async () => {
  const url = await newUrl();
  await server().stop();
  const store = openStore(url);
  await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
  await server().start();
  await keep(store, payment('a'));
  expect(await store.find('a')).toEqual(payment('a'));
});

it('keeps what was answered, and loses no more, when the server is killed under load', async () => {
  const store = openStore(await newUrl());
  const ids = numbered(3000);
  let answered = 0;
  let killed: Promise<void> | undefined;
  const outcomes = await Promise.all(
    ids.map(async (id) => {
      const error = await failureOf(
        store.transact({ ...noScopes, scopes: [id], eventId: id }, () => ({ result: undefined, event: payment(id) })),
      );
      answered += 1;
      if (answered === 500) killed = server().kill();
      return { id, error };
    }),
  );
  await killed;
  await server().start();
  const acknowledged = outcomes.filter(({ error }) => error === undefined);
  for (const { error } of outcomes) if (error !== undefined) expect(error).toBeInstanceOf(StoreUnavailable);
  expect(acknowledged.length).toBeLessThan(ids.length);
  const found = await Promise.all(acknowledged.map(({ id }) => store.find(id)));
  expect(found.map((each) => stored(each).event.event_id)).toEqual(acknowledged.map(({ id }) => id));
});

it('connections that are cut while they are used and while they are not are replaced', async () => {
  const store = openStore(await newUrl());
  await keep(store, payment('a'));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('SELECT FROM events FOR UPDATE');
  const countUp = () => reviseEvent(store, 'a', (found) => ({ ...found, seen_count: found.seen_count + 1 }));
  const waiting = failureOf(countUp());
  await untilWaiting();
  await server().query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${applicationName}'`,
  );
  expect(await waiting).toBeInstanceOf(StoreUnavailable);
  await client.query('ROLLBACK');
  await countUp();
  expect(await store.find('a')).toMatchObject({ seen_count: 2 });
});

it('what the database refuses is told with its reason, not with that of the statements behind it', async () => {
  const store = openStore(await newUrl());
  const error = await failureOf(keepAlert(store, alert('a', 0, { source: 'a\0b' })));
  expect(error).toMatchObject({ code: '22021' });
});

it('a statement that takes too long is ended by the server, and holds up nobody', async () => {
  const store = openStore(await newUrl());
  await keep(store, payment('a'));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('LOCK TABLE events IN ACCESS EXCLUSIVE MODE');
  const error = await failureOf(store.find('a'));
  expect(error).toBeInstanceOf(StoreUnavailable);
  expect(await server().query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).toEqual([]);
  await client.query('ROLLBACK');
  expect(await store.find('a')).toEqual(payment('a'));
});

it('a database that answers and takes no writes is told from one that does', async () => {
  const store = openStore(await newUrl());
  await store.ping();
  const client = await openClient();
  await client.query('SET default_transaction_read_only = off');
  await client.query('ALTER SYSTEM SET default_transaction_read_only = on');
  await client.query('SELECT pg_reload_conf()');
  await expect.poll(() => failureOf(store.ping()), { timeout: 20_000 }).toBeInstanceOf(StoreUnavailable);
  expect(await store.find('a')).toBe(undefined);
  await client.query('ALTER SYSTEM RESET default_transaction_read_only');
  await client.query('SELECT pg_reload_conf()');
  await expect.poll(() => failureOf(store.ping()), { timeout: 20_000 }).toBe(undefined);
});
