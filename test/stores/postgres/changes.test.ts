import { expect, it } from 'vitest';
import type { EventStore } from '../../../src/stores/event-store.ts';
import { uuidOf } from '../../../src/stores/postgres/keys.ts';
import { alert, idsOf, keep, keepAlert, payment, reviseAlert, reviseEvent } from '../../contract/event-store/setup.ts';
import { useServer } from './setup.ts';

const { emptiedUrl, openStore, openPair, openClient } = useServer();

const toldAfter = async (store: EventStore, cursor: string | null) => {
  const changes = await store.changes(cursor, 100);
  if (changes === 'lost') throw new Error('the cursor is lost');
  return {
    ids: idsOf(changes.events),
    alertIds: changes.alerts.map(({ alert_id: id }) => id),
    cursor: changes.cursor,
  };
};

it('what a transaction changes that was open while a later one was committed is told all the same', async () => {
  const [one, other] = await openPair();
  for (const id of ['a', 'b', 'c']) await keep(one, payment(id));
  const start = (await toldAfter(one, null)).cursor;
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('UPDATE events SET changed_xid = pg_current_xact_id() WHERE event_hash = $1', [uuidOf('a')]);
  await reviseEvent(other, 'b', (found) => ({ ...found, routed: true }));
  const meanwhile = await toldAfter(one, start);
  expect(meanwhile.ids).toEqual([]);
  await client.query('COMMIT');
  const afterwards = await toldAfter(one, meanwhile.cursor);
  expect(afterwards.ids).toEqual(['a', 'b']);
  expect((await toldAfter(one, afterwards.cursor)).ids).toEqual([]);
});

it('an alert that was changed by a transaction which was open for longer is told all the same', async () => {
  const [one, other] = await openPair();
  for (const id of ['a', 'b']) await keepAlert(one, alert(id));
  const start = (await toldAfter(one, null)).cursor;
  const client = await openClient();
  await client.query('BEGIN');
  await client.query('UPDATE alerts SET changed_xid = pg_current_xact_id() WHERE alert_hash = $1', [uuidOf('a')]);
  await reviseAlert(other, 'b', (found) => ({ ...found, title: 'another' }));
  const meanwhile = await toldAfter(one, start);
  expect(meanwhile.alertIds).toEqual([]);
  await client.query('COMMIT');
  expect((await toldAfter(one, meanwhile.cursor)).alertIds).toEqual(['a', 'b']);
});

it('what one replica changes is told by another, whose cursor both understand', async () => {
  const [one, other] = await openPair();
  const start = (await toldAfter(one, null)).cursor;
  await keep(one, payment('a'));
  const told = await toldAfter(other, start);
  expect(told.ids).toEqual(['a']);
  await keep(other, payment('b'));
  expect((await toldAfter(one, told.cursor)).ids).toEqual(['b']);
});

it('many alerts and few events, or the other way round, are told in portions without a gap', async () => {
  const store = openStore(await emptiedUrl());
  const start = (await toldAfter(store, null)).cursor;
  for (let index = 0; index < 7; index++) await keepAlert(store, alert(`alert ${index}`));
  await keep(store, payment('a'));
  let cursor = start;
  const told: string[] = [];
  for (let portion = 0; portion < 4; portion++) {
    const changes = await store.changes(cursor, 3);
    if (changes === 'lost') throw new Error('the cursor is lost');
    expect(changes.alerts.length).toBeLessThanOrEqual(3);
    told.push(...changes.alerts.map(({ alert_id: id }) => id), ...idsOf(changes.events));
    cursor = changes.cursor;
  }
  expect(told.toSorted()).toEqual(['a', ...Array.from({ length: 7 }, (_, index) => `alert ${index}`)]);
});

it('a cursor from ahead of the database, as after a restore, is lost', async () => {
  const store = openStore(await emptiedUrl());
  const { cursor } = await toldAfter(store, null);
  const ahead = cursor
    .split('.')
    .map((part) => (part === '0' ? part : String(BigInt(part) + 1_000_000n)))
    .join('.');
  expect(ahead).not.toBe(cursor);
  expect(await store.changes(ahead, 10)).toBe('lost');
});

it('a cursor of the version before is lost', async () => {
  const store = openStore(await emptiedUrl());
  const [transaction = ''] = (await toldAfter(store, null)).cursor.split('.');
  expect(await store.changes(`${transaction}.0`, 10)).toBe('lost');
});
