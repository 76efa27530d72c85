import { expect, it } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { lockOf, uuidOf } from '../../../src/stores/postgres/keys.ts';
import {
  alert,
  at,
  deliveriesOf,
  entry,
  keep,
  keepAlert,
  longAgo,
  noScopes,
  numbered,
  payment,
  record,
  stored,
} from '../../contract/event-store/setup.ts';
import { useServer } from './setup.ts';

const { emptiedUrl, openStore, openPair, openClient, untilWaiting } = useServer();

const scopedTo = (scope: string) => ({ scopes: [scope], endedSince: longAgo });

/** Stores the event if it is not there yet, and tells whose request stored it. */
const storeAs = (store: EventStore, id: string, requestId: string, scope = id): Promise<string> =>
  store.transact({ ...scopedTo(scope), eventId: id }, ({ event }) =>
    event === undefined
      ? {
          result: requestId,
          event: payment(id, 0, { request_id: requestId, scope }),
          eventHistory: [{ ...entry('stored'), request_id: requestId }],
        }
      : { result: stored(event).request_id },
  );

const countUp = (store: EventStore, id: string): Promise<void> =>
  store.transact({ ...scopedTo(id), eventId: id }, ({ event }) => {
    const found = stored(event);
    return { result: undefined, event: { ...found, seen_count: found.seen_count + 1 } };
  });

it('of a hundred who store one event at once through two replicas, one does', async () => {
  const [one, other] = await openPair();
  const requests = numbered(100, 'req');
  const seen = await Promise.all(requests.map((id, index) => storeAs(index % 2 ? one : other, 'evt', id)));
  expect(new Set(seen).size).toBe(1);
  const history = (await one.readEvent('evt'))?.history;
  expect(history?.map(({ request_id: requestId }) => requestId)).toEqual([seen[0]]);
});

it('who comes second finds what the first stored, and nothing of a decision that was taken back is kept or was seen', async () => {
  const [one, other] = await openPair();
  const ids = numbered(60);
  const raced = await Promise.all(
    [one, other].flatMap((store, index) => ids.map((id) => storeAs(store, id, `req_${index}`))),
  );
  const details = await Promise.all(ids.map((id) => one.readEvent(id)));
  expect(details.map((detail) => detail?.record.request_id)).toEqual(raced.slice(0, 60));
  expect(raced.slice(0, 60)).toEqual(raced.slice(60));
  for (const detail of details) expect(detail?.history).toHaveLength(1);
  expect((await one.size()).events).toBe(60);
});

it('no change is lost when two replicas change the same events at once, in any order', async () => {
  const [one, other] = await openPair();
  const ids = numbered(40);
  await Promise.all(ids.map((id) => keep(one, payment(id))));
  const rounds = Array.from({ length: 10 }, () => [
    ...ids.map((id) => countUp(one, id)),
    ...ids.toReversed().map((id) => countUp(other, id)),
  ]);
  await Promise.all(rounds.flat());
  const counts = await Promise.all(ids.map(async (id) => stored(await one.find(id)).seen_count));
  expect(counts).toEqual(ids.map(() => 21));
});

it('of many events of one scope that come through two replicas at once, one opens an alert and all others join it', async () => {
  const [one, other] = await openPair();
  const ids = numbered(80);
  const fold = (store: EventStore, id: string) =>
    store.transact({ ...scopedTo('acme_status'), eventId: id }, ({ alerts: [open] }) => {
      const folded = open ?? alert(id);
      const members = open ? [...open.members, ...alert(id).members] : folded.members;
      return {
        result: folded.alert_id,
        event: record(id, 0, {}, { alert_id: folded.alert_id }),
        alerts: [{ alert: { ...folded, members }, history: [] }],
      };
    });
  const opened = await Promise.all(ids.map((id, index) => fold(index % 2 ? one : other, id)));
  expect(new Set(opened).size).toBe(1);
  const { alerts } = await one.listAlerts({ limit: 9 });
  expect(alerts.map(({ members }) => members.length)).toEqual([80]);
});

const retitle = (found: readonly Alert[], more: string) =>
  found.map((each) => ({ alert: { ...each, title: `${each.title}${more}` }, history: [] }));

it('who changes an alert by its id, and who by its scope, share no key but lose no change', async () => {
  const [one, other] = await openPair();
  await keepAlert(one, alert('a', 0, { title: '' }));
  const byScope = (store: EventStore) =>
    store.transact(scopedTo('acme_status'), ({ alerts }) => ({ result: undefined, alerts: retitle(alerts, 's') }));
  const byId = (store: EventStore) =>
    store.transact({ ...scopedTo('elsewhere'), alertId: 'a' }, ({ alerts }) => ({
      result: undefined,
      alerts: retitle(alerts, 'i'),
    }));
  for (let round = 0; round < 15; round++) await Promise.all([byScope(one), byId(other)]);
  const title = (await one.readAlert('a'))?.alert.title ?? '';
  expect([...title].sort().join('')).toBe(`${'i'.repeat(15)}${'s'.repeat(15)}`);
});

it('an event whose payments are closed by another scope, while it is seen itself, keeps both changes', async () => {
  const [one, other] = await openPair();
  await keepAlert(one, alert('a'));
  const ids = numbered(20);
  for (const id of ids) await keep(one, payment(id, 0, { alert_id: 'a', alert_is_open: true, scope: id }));
  const close = one.transact(scopedTo('acme_status'), () => ({
    result: undefined,
    paymentsOf: [{ alertId: 'a', isOpen: false }],
  }));
  await Promise.all([close, ...ids.map((id) => countUp(other, id))]);
  for (const id of ids) expect(await one.find(id)).toMatchObject({ alert_is_open: false, seen_count: 2 });
});

it('an event that another scope stored a moment ago is decided on, though nobody named it', async () => {
  const store = openStore(await emptiedUrl());
  await keep(store, payment('a'));
  await store.transact(scopedTo('somewhere'), () => ({ result: undefined, event: payment('a', 0, { seen_count: 7 }) }));
  expect(await store.find('a')).toMatchObject({ seen_count: 7 });
  expect((await store.size()).events).toBe(1);
});

it('a batch that is the victim of a deadlock is done again', async () => {
  const store = openStore(await emptiedUrl());
  await keep(store, payment('a'));
  const client = await openClient();
  const lock = (key: string) =>
    client.query('SELECT pg_advisory_xact_lock($1::bigint # hashtextextended(current_schema(), 0))', [lockOf(key)]);
  await client.query("BEGIN; SET LOCAL deadlock_timeout = '1min'");
  await client.query('SELECT FROM events WHERE event_hash = $1 FOR UPDATE', [uuidOf('a')]);
  const change = countUp(store, 'a');
  // It holds its locks, and waits for the row.
  await untilWaiting();
  await lock('a');
  await client.query('COMMIT');
  await change;
  expect(await store.find('a')).toMatchObject({ seen_count: 2 });
});

it('events of two scopes do not wait for each other', async () => {
  const [one, other] = await openPair();
  await storeAs(one, 'a', 'r');
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('SELECT FROM events WHERE event_hash = $1 FOR UPDATE', [uuidOf('a')]);
  const waiting = countUp(one, 'a');
  await untilWaiting();
  expect(await storeAs(other, 'b', 'second')).toBe('second');
  await client.query('COMMIT');
  await waiting;
});

it('many deliveries of one alert are changed one by one, and none of the others is written', async () => {
  const store = openStore(await emptiedUrl());
  const deliveries = deliveriesOf('a', ...numbered(50).map(() => ({})));
  await keepAlert(store, alert('a', 0, { deliveries }));
  const client = await openClient();
  const versions = async () =>
    (await client.query('SELECT xmin::text AS version FROM deliveries ORDER BY place')).rows.map(
      ({ version }) => version,
    );
  const before = await versions();
  await store.transact({ ...noScopes, alertId: 'a' }, ({ alerts: [found] }) => ({
    result: undefined,
    alerts: found
      ? [
          {
            alert: {
              ...found,
              deliveries: found.deliveries.map((each, index) =>
                index === 7 ? { ...each, leased_until: at(1) } : each,
              ),
            },
            history: [],
          },
        ]
      : [],
  }));
  const after = await versions();
  expect(after.flatMap((version, index) => (version === before[index] ? [] : [index]))).toEqual([7]);
});
