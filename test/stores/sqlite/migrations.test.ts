// A store of the version before, filled by its own code and kept as SQL, reads as it was.
import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { applicationId, connect } from '../../../src/stores/sqlite/connect.ts';
import { migrations } from '../../../src/stores/sqlite/migrations.ts';
import { at, keep, listed, ms, noScopes, payment } from '../../contract/event-store/setup.ts';
import { expectVersion2 } from '../version-2.ts';
import { newPath, openStore } from './open-file.ts';

const filled = readFileSync(new URL('./before-alerts/filled.sql', import.meta.url), 'utf8');
const hardId = `evt_a\u0000b \ud800 😀 '"\\ \r\n`;

/** @param change what is done to the file before it is opened */
const openOld = (change = '') => {
  const path = newPath();
  const db = new DatabaseSync(path);
  db.exec(filled);
  if (change) db.exec(change);
  db.close();
  return openStore(path);
};

it('lists every event, in its order and as it was', async () => {
  const { store } = openOld();
  const ids = await listed(store);
  expect(ids).toHaveLength(22);
  expect(ids.at(-1)).toBe('evt_plain');
  expect(ids[0]).toBe('evt_more_7');
  expect(await store.size()).toMatchObject({ events: 22 });
  expect(await store.readEvent('evt_plain')).toEqual({
    record: {
      event: {
        event_id: 'evt_plain',
        source: 'stripe',
        kind: 'payment',
        severity: 'warning',
        service: 'stripe',
        summary: 'payment_intent.payment_failed: pi_1',
        description: 'Your card was declined.',
        started_at: at(2),
        resolved_at: null,
      },
      facts: {},
      subject: 'evt_plain',
      scope: 'evt_plain',
      traits: { item: 'payment', name: null, components: [], group: null, pageSize: 0 },
      vendor_updated_at: null,
      test_mode: false,
      closed_by_hand: null,
      alerts_opened: 0,
      first_seen_at: at(2),
      last_seen_at: at(2),
      seen_count: 1,
      alert_id: null,
      alert_is_open: false,
      routed: false,
      routing_reason: 'Not sent, because warnings are only sent with ROUTE_WARNING=true.',
      request_id: 'req-2',
    },
    deliveries: [],
    rawJson: '{"id":"evt_plain","amount":1200}',
    history: [
      { at: at(2), change: 'stored', request_id: 'req-2' },
      {
        at: at(2),
        change: 'routing_decided',
        request_id: 'req-2',
        reason: 'Not sent',
        fields: { routed: { old: false, new: false } },
      },
    ],
    attempts: new Map(),
  });
});

it('an event that was sent has an alert of its own, with its deliveries and their attempts', async () => {
  const { store } = openOld();
  const detail = await store.readEvent('evt_told');
  expect(detail).toMatchObject({
    record: { alert_id: 'evt_told', alert_is_open: true, routed: true, seen_count: 3, last_seen_at: at(9) },
    deliveries: [
      { alert_id: 'evt_told', event_ids: ['evt_told'], target: 'legacy:people', reason: 'opened', status: 'delivered' },
    ],
    history: [{ change: 'stored' }, { change: 'delivered', destination: 'pagerduty' }],
  });
  const id = detail?.deliveries[0]?.id ?? '';
  expect(detail?.attempts.get(id)).toMatchObject([{ outcome: 'transient' }, { number: 2, outcome: 'delivered' }]);
  expect(await store.findDelivery(id)).toEqual(detail?.deliveries[0]);
  expect(await store.readAlert('evt_told')).toMatchObject({
    alert: {
      state: 'open',
      scope: 'evt_told',
      wake_at: detail?.record.first_seen_at,
      members: [{ event_id: 'evt_told', item: 'payment', ended_at: null, ruling: { send: ['pagerduty'] } }],
    },
  });
});

it('the alerts of a status page are those of its scope, open or ended as their events are', async () => {
  const { store } = openOld();
  const keys = { scopes: ['acme_status'], endedSince: at(0) };
  const alerts = await store.transact(keys, ({ alerts: found }) => ({ result: found }));
  expect(alerts.map((alert) => [alert.alert_id, alert.state, alert.cycle, alert.members[0]?.item])).toEqual([
    ['acme_status:incident:open', 'open', 1, 'incident'],
    ['acme_status:incident:again', 'open', 2, 'incident'],
    ['acme_status:incident:over', 'resolved', 1, 'incident'],
    ['acme_status:incident:byhand', 'resolved', 1, 'incident'],
    [`acme_status:component:c1:${at(0)}`, 'open', 1, 'component'],
  ]);
  expect(alerts.map(({ wake_at: wakeAt }) => wakeAt)).toEqual([null, null, null, null, null]);
  expect(alerts[1]?.deliveries.map(({ action, reason, cycle, ordinal }) => [action, reason, cycle, ordinal])).toEqual([
    ['trigger', 'opened', 1, 0],
    ['resolve', 'ended', 1, 1],
    ['trigger', 'reopened', 2, 2],
  ]);
  expect(alerts[4]).toMatchObject({ deliveries: [{ target: 'legacy:mock', destination: 'mock' }] });
  expect(alerts[4]?.members[0]?.components).toEqual(['c1']);
  expect(await store.find(`acme_status:page:${at(0)}`)).toMatchObject({ traits: { item: 'page' }, alert_id: null });
  expect(await store.find('acme_status:incident:byhand')).toMatchObject({ closed_by_hand: 'critical' });
});

it('goes on with what waited, and decides what was not decided yet', async () => {
  const { store } = openOld();
  expect(await store.backlog()).toMatchObject({ pending: 2 });
  const due = await store.dueDeliveries(ms(100), 10);
  expect(due.map(({ alert_id: id, action, target }) => [id, action, target])).toEqual([
    ['acme_status:incident:over', 'resolve', 'legacy:people'],
    ['evt_waiting', 'trigger', 'legacy:people'],
  ]);
  const waking = (await store.dueAlerts(ms(100), 10)).map(({ alertId }) => alertId);
  expect(waking).toEqual(['evt_told', 'evt_waiting', 'evt_failed', 'evt_undecided', hardId]);
  expect((await store.readAlert('evt_undecided'))?.alert.deliveries).toEqual([]);
  expect((await store.ongoingEvents('acme_status')).map(({ event_id: id }) => id)).toEqual([
    'acme_status:incident:open',
    'acme_status:incident:again',
    'acme_status:incident:byhand',
    'acme_status:incident:minor',
    `acme_status:component:c1:${at(0)}`,
    `acme_status:page:${at(0)}`,
  ]);
  expect(await store.loadState('page:acme_status')).toMatchObject({ condition: 'good' });
});

it('filters and words find what was carried over, any text too', async () => {
  const { store } = openOld();
  expect(await listed(store, { state: 'resolved', source: 'acme_status' })).toEqual([
    'acme_status:incident:byhand',
    'acme_status:incident:over',
  ]);
  expect(await listed(store, { q: 'declined' })).toEqual(['evt_plain']);
  expect(await listed(store, { alert_id: 'evt_told' })).toEqual(['evt_told']);
  expect(await store.readEvent(hardId)).toMatchObject({ record: { request_id: expect.stringContaining('\ud800') } });
  expect((await store.listDeliveries({ limit: 9, status: 'failed' })).deliveries).toHaveLength(2);
  // What was open without anybody having been told is a payment like any other.
  expect(await store.find('evt_more_1')).toMatchObject({ alert_id: null, alert_is_open: false });
});

it('gives no number of before again, and no reader goes on from a cursor of before', async () => {
  const { db, store } = openOld();
  const { next } = await store.listEvents({ limit: 1 });
  expect(next).toEqual({ sequence: 23 });
  await keep(store, payment('new', 500));
  expect(db.prepare('SELECT max(sequence) AS newest FROM events').get()).toEqual({ newest: 25 });
  for (const cursor of ['0', '5', '23']) expect(await store.changes(cursor, 10)).toBe('lost');
  const now = await store.changes(null, 1);
  expect(now).not.toBe('lost');
  expect(await store.transact({ ...noScopes, eventId: 'new' }, ({ event }) => ({ result: event }))).toMatchObject({
    subject: 'new',
  });
});

it('reads what schema version 5 wrote, with its longer bodies, and goes on with it', async () => {
  const path = newPath();
  const db = new DatabaseSync(path);
  for (const step of migrations.slice(0, 5)) {
    if (typeof step === 'string') db.exec(step);
    else step(db);
  }
  db.exec(`DELETE FROM states; PRAGMA application_id = ${applicationId}; PRAGMA user_version = 5`);
  db.exec(readFileSync(new URL('./version-5.sql', import.meta.url), 'utf8'));
  db.close();
  const { store } = openStore(path);
  expect(await listed(store, { q: 'declined' })).toEqual(['evt_declined']);
  await expectVersion2(store);
  expect(await store.prune('2027', 10)).toBe(1);
  expect(await store.readRaw('evt_declined')).toBe(undefined);
});

it('is carried over once, wholly or not at all', async () => {
  const path = newPath();
  const old = new DatabaseSync(path);
  old.exec(filled);
  // A row that nobody can read stops the migration, and the file stays as it was.
  old.exec(`UPDATE events SET body = '{}' WHERE sequence = 12`);
  const before = old.prepare('SELECT count(*) AS rows, sum(length(body)) AS bytes FROM events').get();
  old.close();
  expect(() => connect(path)).toThrow('cannot be used');
  const after = new DatabaseSync(path);
  expect(after.prepare('SELECT count(*) AS rows, sum(length(body)) AS bytes FROM events').get()).toEqual(before);
  expect(after.prepare('PRAGMA user_version').get()).toEqual({ user_version: 4 });
  after.exec('DELETE FROM events WHERE sequence = 12');
  after.close();
  const first = openStore(path);
  const ids = await listed(first.store);
  expect(ids).toHaveLength(21);
  await first.store.close();
  expect(await listed(openStore(path).store)).toEqual(ids);
});
