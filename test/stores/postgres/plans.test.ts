import { expect, it } from 'vitest';
import type { EventQuery } from '../../../src/stores/event-store.ts';
import { uuidOf } from '../../../src/stores/postgres/keys.ts';
import { alertsStatement } from '../../../src/stores/postgres/list-alerts.ts';
import { deliveriesStatement } from '../../../src/stores/postgres/list-deliveries.ts';
import { mergeStatement, walkStatement, wordsStatement } from '../../../src/stores/postgres/list-events.ts';
import { dueAlertsSql, dueSql } from '../../../src/stores/postgres/pending.ts';
import { ongoingSql } from '../../../src/stores/postgres/queries.ts';
import { readSql } from '../../../src/stores/postgres/read-batch.ts';
import { changedAlertsSql, changedEventsSql } from '../../../src/stores/postgres/read-changes.ts';
import { at, keep, listed, numbered, payment } from '../../contract/event-store/setup.ts';
import { planOf, useServer } from './setup.ts';

const { newUrl, openStore, openClient } = useServer();

const onEmptySchema = async () => {
  await openStore(await newUrl()).ping();
  return openClient();
};

const before = { sequence: 500 };

it.each<[Partial<EventQuery>]>([
  [{ source: 'stripe' }],
  [{ severity: 'info', state: 'open', before }],
  [{ routed: true }],
])('merges the newest of each combination of %j', async (query) => {
  const { sql, values } = mergeStatement({ limit: 50, ...query });
  const plan = await planOf(await onEmptySchema(), sql, values);
  expect(plan).toMatch(/Limit.*\n +-> +Index (Only )?Scan Backward using events_by_combination on events/);
  if (query.before) expect(plan).toMatch(/Index Cond: \(\(combination = combinations.id\) AND \(sequence < /);
});

it.each<[string, Partial<EventQuery>]>([
  ['events_pkey', {}],
  ['events_pkey', { before }],
  ['events_by_alert', { alert_id: 'a' }],
  ['events_by_alert', { alert_id: 'a', severity: 'info', before }],
])('walks along %s to list %j', async (index, query) => {
  const { sql, values } = walkStatement({ limit: 50, ...query }, 20_000);
  const plan = await planOf(await onEmptySchema(), sql, values);
  expect(plan).toMatch(new RegExp(`Limit[^>]*\\n +-> +Index (Only )?Scan Backward using ${index}`));
});

it.each<[Partial<EventQuery>]>([[{ since: at(0) }], [{ until: at(0) }], [{ since: at(0), until: at(1), before }]])(
  'jumps to the time to list %j',
  async (query) => {
    const { sql, values } = walkStatement({ limit: 50, ...query }, 20_000);
    const plan = await planOf(await onEmptySchema(), sql, values);
    expect(plan).toContain('using events_by_time');
    expect(plan).toMatch(/Index Cond: .*sequence [<>]= /);
  },
);

it('looks rare words up in their index', async () => {
  const client = await onEmptySchema();
  const { sql, values } = wordsStatement({ limit: 50, q: 'payout failed' });
  await client.query('SET enable_seqscan = off');
  const { rows } = await client.query(`EXPLAIN ${sql}`, [...values]);
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('Bitmap Index Scan on events_by_word');
});

it.each([
  ['alerts_open', alertsStatement({ limit: 50, state: 'open', before }, 20_000)],
  ['alerts_pkey', alertsStatement({ limit: 50, severity: 'critical', before }, 20_000)],
  ['deliveries_failed', deliveriesStatement({ limit: 50, status: 'failed' }, 20_000)],
  ['deliveries_pending', deliveriesStatement({ limit: 50, status: 'pending' }, 20_000)],
  [
    'deliveries_pkey1',
    deliveriesStatement({ limit: 50, action: 'resolve', before: { ...before, ordinal: 1 } }, 20_000),
  ],
])('lists alerts and deliveries along %s', async (index, { sql, values }) => {
  const plan = await planOf(await onEmptySchema(), sql, values);
  expect(plan).toMatch(new RegExp(`Scan (Backward )?using ${index}`));
  expect(plan).not.toContain('Seq Scan');
});

it('tells what changed along the indexes of changes, and what is ongoing along one that has nothing else', async () => {
  const client = await onEmptySchema();
  const values = ['7', '0', '9', 100];
  for (const [sql, index] of [
    [changedEventsSql, 'events_by_change'],
    [changedAlertsSql, 'alerts_by_change'],
  ] as const) {
    const plan = await planOf(client, sql, values);
    expect(plan).toMatch(new RegExp(`Limit.*\\n +-> +Index (Only )?Scan using ${index}`));
    expect(plan).toMatch(/Index Cond: .*ROW\(changed_xid, sequence\) > ROW.* AND \(changed_xid < /);
  }
  expect(await planOf(client, ongoingSql, ['"a"'])).toContain('using events_ongoing');
});

it('finds what waits without looking at what does not', async () => {
  const client = await onEmptySchema();
  const plan = await planOf(client, dueSql, [at(0), at(1), 10, []]);
  expect(plan.match(/using deliveries_due/g)?.length).toBeGreaterThanOrEqual(3);
  expect(plan).toContain('using deliveries_pending');
  expect(plan).not.toContain('Seq Scan');
  expect(await planOf(client, dueAlertsSql, [at(0), 10])).toContain('using alerts_waking');
});

it('finds what a batch decides on by indexes, however many alerts of a scope have ended', async () => {
  const [a, b] = [[uuidOf('a')], [uuidOf('b')]];
  const plan = await planOf(await onEmptySchema(), readSql, [a, b, b, a, a, [at(0)], 40]);
  for (const index of [
    'events_by_time',
    'alerts_by_time',
    'events_event_hash_key1',
    'events_by_alert',
    'events_by_ended_scope',
    'alerts_alert_hash_key',
    'alerts_open_by_scope',
    'alerts_ended_by_scope',
  ]) {
    expect(plan).toContain(index);
  }
  expect(plan).toMatch(/Index Cond: \(alert.sequence|Index Cond: \(sequence = ANY/);
  expect(plan).not.toContain('Seq Scan');
});

it('a word that most events have is found among the newest, and where it ends early, a listing goes on', async () => {
  const store = openStore(await newUrl(), { maxScan: 100 });
  const ids = numbered(300);
  for (const [index, id] of ids.entries()) {
    await keep(store, payment(id, index, {}, { summary: index < 150 ? 'frequent' : 'other' }));
  }
  const first = await store.listEvents({ q: 'other', limit: 5 });
  expect(first.events).toHaveLength(5);
  expect(await listed(store, { q: 'frequent' })).toEqual(ids.slice(0, 150).toReversed());
});
