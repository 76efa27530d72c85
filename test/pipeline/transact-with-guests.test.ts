// A payment that a storm has put into an alert of another scope, as its good news finds it.
import { expect, it } from 'vitest';
import { transactWithGuests } from '../../src/pipeline/transact-with-guests.ts';
import type { EventStore, Snapshot, TransactKeys } from '../../src/stores/event-store.ts';
import { aRecord } from '../support/builders.ts';
import { aSnapshot } from '../support/draft.ts';

const keys: TransactKeys = { scopes: ['po_1'], endedSince: '2026-03-01T12:00:00.000Z', withGuests: true };
const guestIn = (scope: string) => aRecord({ kind: 'payment' }, { alert_scope: scope });

/** A store that finds one snapshot after the other, and remembers the scopes that it was asked with. */
const storeOf = (...snapshots: readonly Snapshot[]) => {
  const asked: (readonly string[])[] = [];
  const transact: EventStore['transact'] = async (given, decide) => {
    asked.push(given.scopes);
    return decide(snapshots[asked.length - 1] ?? aSnapshot()).result;
  };
  return { asked, store: { transact } };
};
const decide = ({ guests }: Snapshot) => ({ result: guests.length });

it('without such a payment nothing is read twice', async () => {
  const { asked, store } = storeOf();
  expect(await transactWithGuests(store, keys, decide)).toBe(0);
  expect(asked).toEqual([['po_1']]);
});

it('it decides once the alert of the other scope is read too', async () => {
  const found = aSnapshot({ guests: [guestIn('po_21'), guestIn('po_21')] });
  const { asked, store } = storeOf(found, found);
  expect(await transactWithGuests(store, keys, decide)).toBe(2);
  expect(asked).toEqual([['po_1'], ['po_1', 'po_21']]);
});

it('it reads no more than three times, whatever comes meanwhile', async () => {
  const { asked, store } = storeOf(...['a', 'b', 'c', 'd'].map((scope) => aSnapshot({ guests: [guestIn(scope)] })));
  expect(await transactWithGuests(store, keys, decide)).toBe(1);
  expect(asked.at(-1)).toEqual(['po_1', 'a', 'b']);
});
