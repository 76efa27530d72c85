import { expect, it } from 'vitest';
import { factsSchema } from '../../../src/domain/facts.ts';
import { factsOf } from '../../../src/ingest/stripe/facts.ts';
import { stripeEventSchema } from '../../../src/ingest/stripe/schema.ts';
import { stripeEvent } from '../../support/stripe.ts';

const facts = (object: object | null, more: object = {}) =>
  factsOf(stripeEventSchema.parse(stripeEvent('evt_1', 'x', { data: { object }, ...more })));

it('gives what rules and the woken person ask for', () => {
  const object = { id: 'po_1', object: 'payout', amount: 740900, currency: 'brl', failure_code: 'could_not_process' };
  expect(facts(object, { account: 'acct_1', livemode: true })).toEqual({
    type: 'x',
    object: 'payout',
    object_id: 'po_1',
    amount: 740900,
    currency: 'brl',
    account: 'acct_1',
    livemode: true,
    failure_code: 'could_not_process',
    url: 'https://dashboard.stripe.com/acct_1/payouts/po_1',
  });
});

it('finds why a payment was declined', () => {
  const object = {
    object: 'payment_intent',
    last_payment_error: { code: 'card_declined', decline_code: 'do_not_honor' },
  };
  expect(facts(object)).toMatchObject({ failure_code: 'card_declined', decline_code: 'do_not_honor' });
});

it.each([
  ['a dispute', { reason: 'fraudulent' }, 'fraudulent'],
  ['a refund', { failure_reason: 'lost_or_stolen_card' }, 'lost_or_stolen_card'],
  ['an account', { requirements: { disabled_reason: 'requirements.past_due' } }, 'requirements.past_due'],
])('finds the reason in %s', (_what, object, reason) => {
  expect(facts(object).reason).toBe(reason);
});

it('takes the lowest of the amounts of a balance', () => {
  const available = [
    { amount: 5, currency: 'usd' },
    { amount: -70, currency: 'eur' },
    { amount: -7, currency: 'gbp' },
  ];
  expect(facts({ available })).toMatchObject({ amount: -70, currency: 'eur' });
});

it.each([
  ['no object', null],
  ['an amount that is no whole number', { amount: 1.5, currency: 'usd' }],
  ['an amount without a currency', { amount: 5 }],
  ['an empty balance', { available: [] }],
  ['a balance that is no list', { available: 'all of it', amount: 5, currency: 'usd' }],
  ['fields of other kinds', { object: 5, amount: '5', currency: 7, failure_code: {}, reason: [] }],
])('leaves out what %s does not give', (_what, object) => {
  expect(facts(object)).toEqual({ type: 'x', url: 'https://dashboard.stripe.com/events/evt_1' });
});

it('knows the account of an event of the second API generation', () => {
  const thin = {
    id: 'evt_v2',
    object: 'v2.core.event',
    type: 'v2.core.account[configuration.merchant].capability_status_updated',
    created: '2026-06-24T10:00:00.000Z',
    context: 'acct_1',
    livemode: true,
    related_object: { id: 'acct_1', type: 'v2.core.account' },
  };
  expect(factsOf(stripeEventSchema.parse(thin))).toEqual({
    type: thin.type,
    object: 'v2.core.account',
    object_id: 'acct_1',
    account: 'acct_1',
    livemode: true,
    url: 'https://dashboard.stripe.com/connect/accounts/acct_1',
  });
});

it.each([
  ['a payment', { id: 'pi_1', object: 'payment_intent' }, {}, 'payments/pi_1'],
  ['a payment in test mode', { id: 'pi_1', object: 'payment_intent' }, { livemode: false }, 'test/payments/pi_1'],
  [
    'a payment in test mode of a connected account',
    { id: 'pi_1', object: 'payment_intent' },
    { livemode: false, account: 'acct_1' },
    'acct_1/test/payments/pi_1',
  ],
  ['an object that does not say what it is', { id: 'po_1' }, {}, 'payouts/po_1'],
  ['a fraud warning', { id: 'issfr_1', object: 'radar.early_fraud_warning', charge: 'ch_1' }, {}, 'payments/ch_1'],
  ['a connected account', { id: 'acct_1', object: 'account' }, { account: 'acct_1' }, 'connect/accounts/acct_1'],
  ['a capability', { id: 'transfers', object: 'capability' }, { account: 'acct_1' }, 'connect/accounts/acct_1'],
  ['something else', { id: 'rr_1', object: 'reporting.report_run' }, {}, 'events/evt_1'],
  ['an id that is none', { id: '../../evil', object: 'payout' }, {}, 'events/evt_1'],
])("finds the page of %s in Stripe's dashboard", (_what, object, more, path) => {
  expect(facts(object, more).url).toBe(`https://dashboard.stripe.com/${path}`);
});

it('gives facts that the table of facts allows, whatever fields are empty, missing or of another kind', () => {
  const odd = [undefined, null, '', 0, {}, [], 'x'.repeat(5000), 'fine'];
  for (const value of odd) {
    const object = {
      id: value,
      object: value,
      amount: value,
      currency: value,
      failure_code: value,
      reason: value,
      outcome: { decline_code: value },
      available: value === undefined ? undefined : [{ amount: value, currency: value }],
    };
    const given = facts(object, { account: value, livemode: value });
    expect(factsSchema.parse(given)).toEqual(given);
  }
});
