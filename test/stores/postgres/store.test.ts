import { expect, it } from 'vitest';
import { createPostgresStore } from '../../../src/stores/postgres/store.ts';
import { durableStoreContract } from '../../contract/durable-store.ts';
import {
  alert,
  at,
  attempt,
  deliveriesOf,
  entry,
  idOf,
  idsOf,
  keep,
  keepAlert,
  keepTold,
  listed,
  longAgo,
  noScopes,
  now,
  numbered,
  payment,
  record,
  reviseAlert,
  reviseEvent,
  stored,
} from '../../contract/event-store/setup.ts';
import { eventStoreContract } from '../../contract/event-store.ts';
import { useServer } from './setup.ts';

const { newUrl, emptiedUrl, lastUrl, logged, openStore, openPair, openClient, server } = useServer();

eventStoreContract('postgres', async (bounds) =>
  createPostgresStore({ url: await emptiedUrl(), log: logged.log, ...bounds }),
);
durableStoreContract('postgres', {
  create: async () => createPostgresStore({ url: await emptiedUrl(), log: logged.log }),
  reopen: () => createPostgresStore({ url: lastUrl(), log: logged.log }),
});

it('an event that the database refuses fails alone', async () => {
  const store = openStore(await newUrl());
  const outcomes = await Promise.allSettled(
    numbered(30).map((id, index) => keep(store, payment(id), { rawJson: index === 7 ? 'a\0b' : '{}' })),
  );
  expect(outcomes.flatMap(({ status }, index) => (status === 'rejected' ? [index] : []))).toEqual([7]);
  expect(await listed(store)).toHaveLength(29);
});

it('finds events whose id and service are longer than an index can hold', async () => {
  const store = openStore(await newUrl());
  const [id, service] = ['i', 's'].map((letter) => letter.repeat(100_000));
  const kept = record(`${id}1`, 0, { service: `${service}1` });
  await keep(store, kept);
  expect(await store.find(`${id}1`)).toEqual(kept);
  expect(await store.find(`${id}2`)).toBe(undefined);
  expect(await listed(store, { service: `${service}1` })).toEqual([`${id}1`]);
  expect(await listed(store, { service: `${service}2` })).toEqual([]);
  await store.saveState(`${id}3`, 'known');
  expect(await store.loadState(`${id}3`)).toBe('known');
});

it('a clock that steps back puts no newer event behind an older one, whichever replica stores it', async () => {
  const [one, other] = await openPair();
  await keep(one, payment('a', 5));
  await keep(other, payment('b', 3));
  await keep(one, payment('c', 7));
  expect(await listed(one)).toEqual(['c', 'b', 'a']);
  expect(await one.find('b')).toMatchObject({ first_seen_at: at(5) });
  expect(await listed(one, { since: at(5), until: at(6) })).toEqual(['b', 'a']);
});

it('leaves out deliveries that another replica is about to change, and does not wait for it', async () => {
  const store = openStore(await newUrl());
  for (const id of ['a', 'b']) await keepTold(store, record(id), deliveriesOf(id, {}));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('UPDATE deliveries SET status = status WHERE body LIKE \'%"event_id":"a"%\'');
  const due = async () => (await store.dueDeliveries(now, 9)).map(({ alert_id: id }) => id);
  expect(await due()).toEqual(['b']);
  await client.query('ROLLBACK');
  expect(await due()).toEqual(['a', 'b']);
});

it('does not prune an event that is being changed in this moment', async () => {
  const store = openStore(await newUrl());
  for (const id of ['a', 'b']) await keep(store, payment(id));
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('UPDATE events SET is_ongoing = true WHERE sequence = 1');
  expect(await store.prune('9999', 9)).toBe(1);
  await client.query('COMMIT');
  expect(await store.prune('9999', 9)).toBe(0);
  expect(await listed(store)).toEqual(['a']);
});

it('leaves nothing of a pruned event, nor of its alert', async () => {
  const store = openStore(await newUrl());
  const deliveries = deliveriesOf('a', { status: 'failed', next_attempt_at: null });
  const ended = alert('a', 0, { state: 'resolved', resolved_at: at(1), deliveries });
  await keep(store, payment('a', 0, { alert_id: 'a' }), {
    rawJson: '{}',
    eventHistory: [entry('stored')],
    alerts: [{ alert: ended, history: [entry('opened')] }],
  });
  const client = await openClient();
  const tables = ['events', 'raws', 'alerts', 'deliveries'];
  const count = `SELECT ${tables.map((name) => `(SELECT count(*)::int FROM ${name}) AS ${name}`).join(', ')}`;
  expect((await client.query(count)).rows).toEqual([{ events: 1, raws: 1, alerts: 1, deliveries: 1 }]);
  await store.prune('9999', 9);
  expect((await client.query(count)).rows).toEqual([{ events: 0, raws: 0, alerts: 0, deliveries: 0 }]);
});

it.each([
  ['no index', 'a mere sighting', { seen_count: 2 }, 1],
  ['an index', 'a change that is told', { routed: true }, 0],
] as const)('writes %s for %s', async (_which, _what, change, hot) => {
  const store = openStore(await newUrl());
  await keep(store, payment('a'));
  const client = await openClient();
  const hotUpdates = async () => {
    // What a session has done is counted once the session ends, or after a while.
    await client.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await client.query(
      "SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relid = 'events'::regclass",
    );
    return { updated: Number(rows[0].n_tup_upd), hot: Number(rows[0].n_tup_hot_upd) };
  };
  await reviseEvent(store, 'a', (found) => ({ ...found, ...change }));
  await store.close();
  await expect.poll(hotUpdates, { timeout: 10_000 }).toEqual({ updated: 1, hot });
});

it('an alert with this id that had ended long ago is written over, though nobody asked for it', async () => {
  const store = openStore(await newUrl());
  await keepTold(store, record('a'), deliveriesOf('a', {}, {}), { state: 'resolved', resolved_at: at(1) });
  const again = alert('a', 0, { title: 'again', deliveries: deliveriesOf('a', { status: 'delivered' }) });
  await store.transact({ ...noScopes, eventId: 'a' }, () => ({
    result: undefined,
    alerts: [{ alert: again, history: [] }],
  }));
  expect(await store.readAlert('a')).toMatchObject({ alert: again });
});

it('a page of alerts ends where they are too long for one answer, and the next goes on there', async () => {
  const store = openStore(await newUrl());
  const ids = ['a', 'b', 'c'];
  for (const id of ids) await keepAlert(store, alert(id, 0, { title: 't'.repeat(1_100_000) }));
  const pages: (readonly string[])[] = [];
  let before: { readonly sequence: number } | undefined;
  do {
    const { alerts, next } = await store.listAlerts({ limit: 9, ...(before && { before }) });
    pages.push(alerts.map(({ alert_id: id }) => id));
    before = next ?? undefined;
  } while (before);
  expect(pages).toEqual([['c'], ['b'], ['a']]);
});

/** As many more events like the first, each with an id of its own. */
const copyFirst = (count: number): string =>
  `INSERT INTO events SELECT (jsonb_populate_record(event,
    jsonb_build_object('sequence', nextval('events_sequence'), 'event_hash', gen_random_uuid()))).*
  FROM events AS event, generate_series(1, ${count}) WHERE event.sequence = 1`;

it('counts the events of a small store, and estimates those of a large one', async () => {
  const store = openStore(await newUrl());
  await keep(store, payment('a'));
  const client = await openClient();
  await client.query(copyFirst(9_999));
  expect(await store.size()).toEqual({ events: 10_000, newestFirstSeenAt: at(0) });
  await client.query(copyFirst(2_000));
  expect((await store.size()).events).toBeGreaterThan(10_000);
  await client.query('ANALYZE events');
  expect(await store.size()).toEqual({ events: 12_000, newestFirstSeenAt: at(0) });
});

it('finds a word that many events have, but none of the newest', async () => {
  const store = openStore(await newUrl());
  await keep(store, payment('a', 0, {}, { summary: 'frequent' }));
  await keep(store, payment('b', 0, {}, { summary: 'other' }));
  const client = await openClient();
  await client.query(copyFirst(5_000));
  await client.query(copyFirst(2_500).replace('event.sequence = 1', 'event.sequence = 2'));
  await client.query('ANALYZE events');
  expect(await listed(store, { q: 'frequent', limit: 5_001 })).toEqual(Array.from({ length: 5_001 }, () => 'a'));
});

it('what closes the payments of an alert closes those that the same decision has read or made', async () => {
  const store = openStore(await newUrl());
  for (const id of ['a', 'b', 'other']) {
    await keep(store, payment(id, 0, { alert_id: id === 'other' ? 'other' : 'a', alert_is_open: true }));
  }
  await store.transact({ ...noScopes, eventId: 'a' }, ({ event }) => ({
    result: undefined,
    event: { ...stored(event), seen_count: 2 },
    paymentsOf: [{ alertId: 'a', isOpen: false }],
  }));
  expect(await store.find('a')).toMatchObject({ alert_is_open: false, seen_count: 2 });
  expect(await store.find('b')).toMatchObject({ alert_is_open: false });
  expect(await store.find('other')).toMatchObject({ alert_is_open: true });
});

it('changes other events, whether the decision has read them or not, and an unknown one not at all', async () => {
  const store = openStore(await newUrl());
  for (const id of ['member', 'stranger']) await keep(store, record(id, 0, {}, { alert_id: 'a' }));
  await store.transact({ ...noScopes, alertId: 'a', withMembers: true }, ({ members }) => ({
    result: undefined,
    otherEvents: [...members, record('unknown')].map((each) => ({ ...each, seen_count: 5 })),
  }));
  const both = await Promise.all(['member', 'stranger'].map((id) => store.find(id)));
  expect(both).toMatchObject([{ seen_count: 5 }, { seen_count: 5 }]);
  expect(await store.find('unknown')).toBe(undefined);
});

it('decisions that are stored together see the events of those before them', async () => {
  const store = openStore(await newUrl());
  const seen: (readonly string[])[] = [];
  const keepMember = (id: string) =>
    store.transact(
      { scopes: ['acme'], endedSince: longAgo, eventId: id, alertId: 'a', withMembers: true, withEndings: true },
      ({ members, endings }) => {
        seen.push(members.map(idOf));
        expect(endings).toEqual([]);
        return { result: undefined, event: record(id, 0, {}, { alert_id: 'a', scope: 'acme' }) };
      },
    );
  await Promise.all(['a', 'b', 'c', 'd'].map(keepMember));
  expect(seen).toEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']]);
});

it('an attempt of a delivery that is gone is not kept, and what else was decided is', async () => {
  const store = openStore(await newUrl());
  await keepTold(store, record('a'), deliveriesOf('a', {}));
  await store.transact({ ...noScopes, eventId: 'a', alertId: 'a' }, ({ event }) => ({
    result: undefined,
    event: { ...stored(event), seen_count: 2 },
    attempt: { deliveryId: 'gone', attempt: attempt(1) },
  }));
  expect(await store.readAlert('a')).toMatchObject({ attempts: new Map() });
  expect(await store.find('a')).toMatchObject({ seen_count: 2 });
});

it('an event and its deliveries are of one moment, though others change them meanwhile', async () => {
  const [one, other] = await openPair();
  await keepTold(one, record('a'), deliveriesOf('a', {}));
  let isDone = false;
  const changing = (async () => {
    for (let step = 1; step <= 60; step++) {
      await reviseAlert(other, 'a', (found) => ({
        ...found,
        title: String(step),
        deliveries: found.deliveries.map((delivery) => ({ ...delivery, last_error: String(step) })),
      }));
    }
    isDone = true;
  })();
  while (!isDone) {
    const [seen] = (await one.listAlerts({ limit: 1 })).alerts;
    if (seen && seen.title !== 'Payments are down') expect(seen.deliveries[0]?.last_error).toBe(seen.title);
  }
  await changing;
});

it('is reached by a Unix socket whose folder the URL names', async () => {
  await newUrl();
  const url = new URL(lastUrl());
  const options = url.searchParams.get('options') ?? '';
  const { port, socketFolder } = server();
  const bySocket = `postgres://postgres@/postgres?host=${encodeURIComponent(socketFolder)}&port=${port}`;
  const store = openStore(`${bySocket}&options=${encodeURIComponent(options)}`);
  await keep(store, payment('a'));
  expect(idsOf((await openStore(lastUrl()).listEvents({ limit: 9 })).events)).toEqual(['a']);
});

it('may be closed twice, and answers nothing any more', async () => {
  const store = openStore(await newUrl());
  await store.ping();
  await store.close();
  await store.close();
  await expect(store.ping()).rejects.toMatchObject({ code: 'store_unavailable' });
});
