import { expect, it } from 'vitest';
import { countedIn, type Missed, missedTitle } from '../../src/domain/missed-counts.ts';
import { anEvent } from '../support/builders.ts';

const record = (type: string, amount?: number, currency = 'eur', objectId?: string) => ({
  event: anEvent({ kind: 'payment' }),
  facts: { type, ...(amount !== undefined && { amount, currency }), ...(objectId && { object_id: objectId }) },
});

const titleOf = (...records: readonly ReturnType<typeof record>[]): string =>
  missedTitle(records.reduce<Missed>((missed, each) => countedIn(missed, each), { counts: {}, largest: {} }));

it('counts by type, the most frequent first, and names the largest of each currency', () => {
  const title = titleOf(
    record('payout.failed', 120_000, 'eur', 'po_1'),
    record('payment_intent.payment_failed', 900, 'eur', 'pi_1'),
    record('payment_intent.payment_failed', 5000, 'jpy'),
  );
  expect(title).toBe(
    '3 events missed while we were away: 2 payment_intent.payment_failed, 1 payout.failed; the largest 1200.00 EUR (po_1), 5000 JPY',
  );
});

it('says one in the singular, and nothing of amounts where there are none', () => {
  expect(titleOf(record('account.updated'))).toBe('1 event missed while we were away: 1 account.updated');
});

it('stays bounded whatever comes', () => {
  const many = Array.from({ length: 50 }, (_, n) => record(`type.${n}`, n, `c${n}`));
  const missed = many.reduce<Missed>((before, each) => countedIn(before, each), { counts: {}, largest: {} });
  expect(Object.keys(missed.counts)).toHaveLength(21);
  expect(missed.counts.other).toBe(30);
  expect(Object.keys(missed.largest)).toHaveLength(5);
  expect(missedTitle(missed)).toContain('and 18 more');
});

it('is not misled by a type that every object has', () => {
  expect(titleOf(record('constructor'), record('toString'))).toContain('1 constructor, 1 toString');
});

it('names three of each, and how many there are beyond', () => {
  const three = ['eur', 'usd', 'gbp'].map((currency, n) => record(`type.${n}`, 100, currency));
  expect(titleOf(...three)).toBe(
    '3 events missed while we were away: 1 type.0, 1 type.1, 1 type.2; the largest 1.00 EUR, 1.00 USD, 1.00 GBP',
  );
  expect(titleOf(...three, record('type.3', 100, 'chf'))).toBe(
    '4 events missed while we were away: 1 type.0, 1 type.1, 1 type.2 and 1 more; the largest 1.00 EUR, 1.00 USD, 1.00 GBP and 1 more',
  );
});

it('goes on counting what it has counted before, once there are many types, and compares by currency', () => {
  const many = Array.from({ length: 25 }, (_, n) => record(`type.${n}`, 100, 'eur', `po_${n}`));
  expect(titleOf(...many, record('type.0', 101, 'eur', 'po_x'), record('type.0', 99))).toBe(
    '27 events missed while we were away: 5 other, 3 type.0, 1 type.1 and 18 more; the largest 1.01 EUR (po_x)',
  );
});

it('names what has no type by its summary', () => {
  const missed = countedIn(undefined, { event: anEvent({ summary: 'charge: 1' }), facts: {} });
  expect(missed).toEqual({ counts: { 'charge: 1': 1 }, largest: {} });
  expect(countedIn(missed, { event: anEvent(), facts: { amount: 5 } }).largest).toEqual({});
});
