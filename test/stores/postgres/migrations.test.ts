import { readFile } from 'node:fs/promises';
import pg from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import { errorText, StoreUnavailable, StoreUnusable } from '../../../src/lib/errors.ts';
import { firstSteps } from '../../../src/stores/postgres/first-steps.ts';
import { migrations, migrationsTable } from '../../../src/stores/postgres/migrations.ts';
import { alertsAndFacts, alertsAndFactsIndexes } from '../../../src/stores/postgres/tables.ts';
import { hardText, idsOf, keep, listed, longAgo, payment, stored } from '../../contract/event-store/setup.ts';
import { expectVersion2 } from '../version-2.ts';
import { failureOf, useServer } from './setup.ts';

const { newUrl, openStore, openReplicas, openClient, logged, lastUrl } = useServer();

const newest = migrations.length;

/** A schema as the version before left it, with its rows. */
const fillVersionBefore = async (): Promise<string> => {
  const url = await newUrl();
  const client = await openClient();
  await client.query(
    `CREATE TABLE ${migrationsTable} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
    INSERT INTO ${migrationsTable} (version) SELECT generate_series(1, ${firstSteps.length})`,
  );
  for (const step of firstSteps) await client.query(step);
  await client.query(await readFile(new URL('version-1.sql', import.meta.url), 'utf8'));
  return url;
};

/** The same of the version after that, whose bodies of events were longer. */
const fillVersion2 = async (): Promise<string> => {
  const url = await newUrl();
  const client = await openClient();
  await client.query(
    `CREATE TABLE ${migrationsTable} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
    INSERT INTO ${migrationsTable} (version) SELECT generate_series(1, ${firstSteps.length + 1})`,
  );
  for (const step of [...firstSteps, alertsAndFacts, alertsAndFactsIndexes]) await client.query(step);
  await client.query(await readFile(new URL('version-2.sql', import.meta.url), 'utf8'));
  return url;
};

it('replicas that start together create the schema once', async () => {
  logged.lines.length = 0;
  const replicas = await openReplicas(8);
  await Promise.all(replicas.map((store, index) => keep(store, payment(`evt_${index}`))));
  expect(await replicas[0]?.size()).toMatchObject({ events: 8 });
  expect(logged.of('store.migrated')).toMatchObject([{ from: 0, to: newest }]);
});

it('has every event of the version before, in its order, with the vendor’s object and its history', async () => {
  const store = openStore(await fillVersionBefore());
  const outage = 'acme_status:component:c1:2026-03-01T11:00:00.000Z';
  const { events } = await store.listEvents({ limit: 100, withRaw: true });
  expect(idsOf(events)).toEqual([
    `evt_${hardText}`,
    'acme_status:incident:2',
    'acme_status:page:2026-03-01T11:00:00.000Z',
    'acme_status:incident:m1',
    outage,
    'acme_status:incident:1',
    'evt_undecided',
    'evt_told',
    'evt_info',
  ]);
  expect(events.map(({ rawJson }) => JSON.parse(rawJson ?? 'null'))).toMatchObject([
    { [hardText]: [hardText] },
    { id: '1' },
    { reason: 'answered 500' },
    { id: 'm1' },
    { id: 'c1' },
    { id: '1', status: 'investigating' },
    { id: 'evt_undecided' },
    { id: 'evt_told' },
    { id: 'evt_info' },
  ]);
  expect(await store.find(outage)).toMatchObject({ seen_count: 40, scope: 'acme_status', alert_id: outage });
  expect(await store.find('evt_info')).toMatchObject({ alert_id: null, scope: 'evt_info' });
  const history = async (id: string) => (await store.readEvent(id))?.history.map(({ change }) => change);
  expect(await history('evt_info')).toEqual(['stored', 'routing_decided']);
  expect(await history('evt_told')).toEqual(['stored', 'delivered']);
});

it('carries any number of events over, each once and in its order, many of them first seen at one moment', async () => {
  const url = await fillVersionBefore();
  const client = await openClient();
  await client.query(
    `INSERT INTO events (sequence, event_hash, source, kind, severity, service_hash, is_open, awaits_end, routed, undecided,
      owes, first_seen_at, last_seen_at, seen_count, body)
    SELECT nextval('events_sequence'), event_hash || number, source, kind, severity, service_hash, is_open, awaits_end, routed,
      undecided, owes, first_seen_at, last_seen_at, seen_count, replace(body, 'evt_info', 'evt_info ' || number)
    FROM events, generate_series(1, 350) AS number WHERE sequence = 1`,
  );
  const ids = await listed(openStore(url));
  const copies = Array.from({ length: 350 }, (_, index) => `evt_info ${index + 1}`);
  expect(ids.slice(8)).toEqual(['evt_info', ...copies].toReversed());
});

it('finds what the version before stored by every filter', async () => {
  const store = openStore(await fillVersionBefore());
  expect(await listed(store, { source: 'stripe', severity: 'critical', routed: true })).toEqual(['evt_told']);
  expect(await listed(store, { service: hardText })).toEqual([`evt_${hardText}`]);
  expect(await listed(store, { q: 'database upgrade' })).toEqual(['acme_status:incident:m1']);
  expect(await listed(store, { alert_id: 'acme_status:incident:1' })).toEqual(['acme_status:incident:1']);
  expect(await listed(store, { until: '2026-03-01T12:01:00.000Z' })).toEqual(['evt_info']);
  expect((await store.ongoingEvents('acme_status')).map(({ event_id: id }) => id).sort()).toEqual([
    'acme_status:incident:1',
    'acme_status:incident:2',
    'acme_status:incident:m1',
    'acme_status:page:2026-03-01T11:00:00.000Z',
    `evt_${hardText}`,
  ]);
});

it('keeps what the vendor’s adapter reads of an event of the version before, and of its alert too', async () => {
  const traits = { item: 'payment' as const, name: 'payout.failed', components: [], group: null, pageSize: 0 };
  const reading = { facts: { type: 'payout.failed' }, scope: 'stripe::po_1', traits };
  const goodNews = { ...reading, endsTypes: ['payout.failed'] };
  const readings = new Map([
    ['evt_told', reading],
    ['evt_info', goodNews],
  ]);
  const readAgain = ({ event_id: id }: { readonly event_id: string }) => readings.get(id);
  const store = openStore(await fillVersionBefore(), { readAgain });
  expect(await store.find('evt_told')).toMatchObject(reading);
  expect(await store.find('evt_undecided')).toMatchObject({ facts: {}, scope: 'evt_undecided' });
  const keys = { scopes: [reading.scope], endedSince: longAgo, withEndings: true };
  const endings = await store.transact(keys, (found) => ({ result: found.endings.map(({ event }) => event.event_id) }));
  expect(endings).toEqual(['evt_info']);
  expect(await listed(store, { q: 'payout.failed' })).toContain('evt_told');
  expect((await store.readAlert('evt_told'))?.alert).toMatchObject({
    scope: 'stripe::po_1',
    members: [{ name: 'payout.failed' }],
  });
});

it('makes an alert of each event that was told to somebody, whose deliveries keep their ids and attempts', async () => {
  const store = openStore(await fillVersionBefore());
  const told = await store.readAlert('evt_told');
  expect(told?.alert).toMatchObject({ alert_id: 'evt_told', scope: 'evt_told', state: 'open' });
  const [paid] = told?.alert.deliveries ?? [];
  expect(paid).toMatchObject({ action: 'trigger', status: 'delivered', event_ids: ['evt_told'], ordinal: 0 });
  expect(told?.attempts.get(paid?.id ?? '')?.map(({ outcome }) => outcome)).toEqual(['transient', 'delivered']);
  expect(await store.findDelivery(paid?.id ?? '')).toEqual(paid);

  const outage = await store.readAlert('acme_status:component:c1:2026-03-01T11:00:00.000Z');
  expect(outage?.alert).toMatchObject({ state: 'resolved', cycle: 2 });
  expect(outage?.alert.deliveries.map(({ action, cycle }) => `${action} ${cycle}`)).toEqual([
    'trigger 1',
    'resolve 1',
    'trigger 2',
    'resolve 2',
  ]);
});

it('attempts what the version before had left to do, and decides what it had not decided', async () => {
  const store = openStore(await fillVersionBefore());
  const later = Date.parse('2026-03-01T12:10:00.000Z');
  expect((await store.dueDeliveries(later, 9)).map(({ alert_id: id }) => id)).toEqual(['acme_status:incident:1']);
  expect((await store.dueAlerts(later, 9)).map(({ alertId }) => alertId)).toContain('evt_undecided');
});

it('goes on where the version before stopped: its states, and events that are seen again', async () => {
  const store = openStore(await fillVersionBefore());
  expect(await store.loadState('page:acme')).toEqual({ condition: 'good', page_id: 'p1' });
  const id = 'acme_status:incident:1';
  const alerts = await store.transact({ eventId: id, scopes: ['acme_status'], endedSince: longAgo }, (found) => ({
    result: found.alerts.map(({ alert_id: alertId }) => alertId),
    event: { ...stored(found.event), seen_count: 2 },
  }));
  expect(alerts).toContain(id);
  await keep(store, payment('new', 60));
  expect((await listed(store)).slice(0, 2)).toEqual(['new', `evt_${hardText}`]);
});

it('reads the longer bodies of version 2, and goes on with them', async () => {
  const store = openStore(await fillVersion2());
  expect(await listed(store, { q: 'declined' })).toEqual(['evt_declined']);
  await expectVersion2(store);
});

it('waits while a replica is connected that cannot read shorter bodies', async () => {
  const url = await fillVersion2();
  const replica = new pg.Client({ connectionString: url, application_name: 'vendor-signals/2' });
  await replica.connect();
  const store = openStore(url);
  expect(await failureOf(store.ping())).toBeInstanceOf(StoreUnavailable);
  await replica.end();
  await expect.poll(() => failureOf(store.ping()), { timeout: 10_000 }).toBe(undefined);
});

it('is done once, however often it is asked for', async () => {
  const url = await fillVersionBefore();
  logged.lines.length = 0;
  await Promise.all([openStore(url), openStore(url)].map((store) => store.ping()));
  await openStore(url).ping();
  expect(logged.of('store.migrated')).toMatchObject([{ from: firstSteps.length, to: newest }]);
});

it('waits while a replica of the version before is connected, saying so, and is done when that is gone', async () => {
  const url = await fillVersionBefore();
  const replica = new pg.Client({ connectionString: url, application_name: 'vendor-signals' });
  await replica.connect();
  logged.lines.length = 0;
  const store = openStore(url);
  const error = await failureOf(store.ping());
  expect(error).toBeInstanceOf(StoreUnavailable);
  expect(errorText(error)).toMatch(/replicas of the version before .* stop them/);
  expect(logged.of('store.migration_waits')).toMatchObject([{ connections: 1 }]);
  expect((await replica.query('SELECT count(*)::int AS events FROM events')).rows).toEqual([{ events: 9 }]);
  await replica.end();
  await expect.poll(() => failureOf(store.ping()), { timeout: 10_000 }).toBe(undefined);
  expect(await listed(store)).toHaveLength(9);
});

it('does not wait for a connection that a pooler has kept after its client was gone', async () => {
  const url = await fillVersionBefore();
  const kept = new pg.Client({ connectionString: url, application_name: 'vendor-signals' });
  await kept.connect();
  onTestFinished(() => kept.end());
  const store = openStore(url);
  await expect.poll(() => failureOf(store.ping()), { timeout: 30_000, interval: 500 }).toBe(undefined);
});

it('a step that fails leaves all as it was, and the store cannot be used', async () => {
  const url = await fillVersionBefore();
  const client = await openClient();
  await client.query(`UPDATE events SET body = '{"event":{}}' WHERE sequence = 5`);
  const error = await failureOf(openStore(url).ping());
  expect(error).toBeInstanceOf(StoreUnusable);
  expect(errorText(error)).toContain('event 5 of the version before');
  const { rows } = await client.query(`SELECT (SELECT max(version) FROM ${migrationsTable}) AS version,
    (SELECT count(*)::int FROM history) AS history`);
  expect(rows).toMatchObject([{ version: firstSteps.length, history: 6 }]);
});

it('a schema of a newer version is left alone, and the store cannot be used', async () => {
  await openStore(await newUrl()).ping();
  const client = await openClient();
  await client.query(`INSERT INTO ${migrationsTable} (version) VALUES ($1)`, [newest + 1]);
  const store = openStore(lastUrl());
  for (const call of [() => store.ping(), () => keep(store, payment('a')), () => store.listEvents({ limit: 1 })]) {
    const error = await failureOf(call());
    expect(error).toBeInstanceOf(StoreUnusable);
    expect(errorText(error)).toContain(`version ${newest + 1}`);
  }
});

it('a database whose tables are those of another program cannot be the store', async () => {
  await newUrl();
  const client = await openClient();
  await client.query('CREATE TABLE events (id text)');
  await expect(openStore(lastUrl()).ping()).rejects.toMatchObject({ code: 'store_unusable' });
  expect((await client.query("SELECT to_regclass('deliveries') AS found")).rows).toEqual([{ found: null }]);
});
