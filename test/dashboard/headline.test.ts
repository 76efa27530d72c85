import { expect, it } from 'vitest';
import {
  alertNameOf,
  amountWords,
  headlineOf,
  setTypeMeanings,
  setUnusualDecimals,
} from '../../src/dashboard/headline.js';
import { unusualDecimals } from '../../src/domain/rules/amounts.ts';
import { typeMeanings } from '../../src/domain/type-meanings.ts';

setUnusualDecimals(unusualDecimals);
setTypeMeanings(typeMeanings);

const payment = {
  facts: { type: 'payout.failed', amount: 1_250_000, currency: 'eur' },
  description: 'The account is closed.',
};

it('a payment says what happened, how much and why; its id comes last', () => {
  expect(headlineOf({ title: 'payout.failed: po_1', source: 'stripe' }, payment)).toEqual({
    title: 'Payout failed',
    more: ['12,500.00 EUR', 'The account is closed.', 'po_1'],
  });
});

it('a payment whose event is not known yet says what its title has', () => {
  expect(headlineOf({ title: 'v2.core.account_link.returned: acct_1', source: 'stripe' })).toEqual({
    title: 'Account link returned',
    more: ['acct_1'],
  });
});

it('a share of failed payments is said as its title has it, whatever its rule is called', () => {
  const words = '30% of 120 payments in EUR failed within 15 min';
  for (const title of [`declines: ${words}`, `declines.eur: ${words}`, `our own: ${words}`])
    expect(headlineOf({ title, source: 'stripe' })).toEqual({ title, more: [] });
});

it('a type that says little is said as what it means', () => {
  expect(headlineOf({ title: 'capability.updated: card_payments', source: 'stripe' })).toEqual({
    title: 'Capability lost',
    more: ['card_payments'],
  });
});

it('an object without an id has the words of its type, and its amount', () => {
  const facts = { type: 'balance.available', amount: -12_000, currency: 'eur' };
  expect(headlineOf({ title: 'balance.available', source: 'stripe' }, { facts, description: null })).toEqual({
    title: 'Balance is negative',
    more: ['-120.00 EUR'],
  });
  expect(headlineOf({ title: 'stripe.com is slow', source: 'stripe' }).title).toBe('stripe.com is slow');
});

it('what only the rules made an alert of is not said to be worse than it is', () => {
  const facts = { type: 'account.updated', built_in_severity: 'info' } as const;
  const alert = { title: 'account.updated: acct_1', source: 'stripe' };
  expect(headlineOf(alert, { facts, description: null }).title).toBe('Account updated');
});

it.each([
  ['REST API: degraded_performance', 'REST API: degraded performance'],
  ['Node 1: major_outage (Storage, eu_west)', 'Node 1: major outage (Storage, eu_west)'],
  ['Elevated errors: part_two of many', 'Elevated errors: part_two of many'],
  ['No colon', 'No colon'],
])("a status page's %j is %j", (title, words) => {
  expect(headlineOf({ title, source: 'acme_status' })).toEqual({ title: words, more: [] });
});

it.each([
  [1234, 'eur', '12.34 EUR'],
  [1234, 'jpy', '1,234 JPY'],
  [1234, 'kwd', '1.234 KWD'],
  [1200, 'isk', '12.00 ISK'],
  [120_000, 'huf', '1,200.00 HUF'],
  [5, '??', '0.05 ??'],
])('%i %s is %s', (amount, currency, words) => {
  expect(amountWords(amount, currency)).toBe(words);
});

it.each([
  [{ amount: 500, currency: 'usd', reason: 'product_not_received' }, null, ['5.00 USD', 'product not received']],
  [{ amount: 500, account: 'acct_1' }, null, ['account acct_1']],
  [{ currency: 'usd', reason: 'fraudulent' }, 'It was charged back.', ['It was charged back.']],
])('%# a payment says what is known of it, and its reason where nothing describes it', (facts, description, more) => {
  expect(headlineOf({ title: 'charge.dispute.created: du_1', source: 'stripe' }, { facts, description })).toEqual({
    title: 'Payment disputed',
    more: [...more, 'du_1'],
  });
});

it.each([
  [{ alert_title: 'payout.failed: po_1', source: 'stripe' }, 'Payout failed'],
  [{ alert_title: 'Elevated errors', source: 'acme_status' }, 'Elevated errors'],
  [{ alert_title: null, source: null }, 'a'],
])('the alert of a delivery is called the same whether it is open or over: %j', (known, words) => {
  expect(alertNameOf({ alert_id: 'a', ...known })).toBe(words);
});
