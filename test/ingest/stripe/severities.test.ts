import { expect, it } from 'vitest';
import { stripeEventSchema } from '../../../src/ingest/stripe/schema.ts';
import { severityOf } from '../../../src/ingest/stripe/severities.ts';
import { stripeEvent } from '../../support/stripe.ts';

interface Parts {
  readonly object?: object;
  readonly previous?: object;
  readonly account?: string;
}

const of = (type: string, { object = {}, previous, account }: Parts = {}) =>
  severityOf(
    stripeEventSchema.parse(
      stripeEvent('evt_1', type, { account, data: { object, ...(previous && { previous_attributes: previous }) } }),
    ),
  );

it.each([
  ['payout.failed', 'critical'],
  ['payout.canceled', 'warning'],
  ['transfer.reversed', 'warning'],
  ['payment_intent.payment_failed', 'warning'],
  ['charge.dispute.created', 'warning'],
  ['invoice.finalization_failed', 'warning'],
  ['radar.early_fraud_warning.created', 'warning'],
  ['account.application.deauthorized', 'warning'],
  ['refund.failed', 'warning'],
  ['topup.failed', 'warning'],
  ['treasury.outbound_payment.returned', 'warning'],
  ['treasury.outbound_transfer.returned', 'warning'],
  ['treasury.a_thing_of_tomorrow.returned', 'warning'],
  ['treasury.outbound_payment.posted', 'info'],
  ['charge.succeeded', 'info'],
  ['a.type.of.tomorrow', 'info'],
  ['__proto__', 'info'],
  ['constructor', 'info'],
])('gives %s the severity %s', (type, severity) => {
  expect(of(type)).toBe(severity);
});

it.each(['charge.dispute.created', 'charge.dispute.updated', 'capability.updated', 'payout.updated'])(
  'a status of %s that no program can write as a text is no status',
  (type) => {
    const status = { toString: 1, valueOf: 1 };
    const parts = { object: { status }, previous: { status } };
    expect(of(type, parts)).toBe(of(type, { object: {}, previous: { status: null } }));
  },
);

it('routes at most one of the events that Stripe sends for one declined payment', () => {
  const types = [
    'charge.failed',
    'payment_intent.payment_failed',
    'invoice.payment_failed',
    'checkout.session.async_payment_failed',
    'terminal.reader.action_failed',
  ];
  expect(types.filter((type) => of(type) !== 'info')).toEqual(['payment_intent.payment_failed']);
});

it.each([
  ['inactive', true, 'critical', 'warning'],
  ['disabled', true, 'critical', 'warning'],
  ['active', true, 'info', 'info'],
  ['pending', true, 'info', 'info'],
  ['inactive', false, 'info', 'info'],
])('gives a capability that is %s, requested %s, %s for our own account and %s for a connected one', (...row) => {
  const [status, requested, own, connected] = row;
  const object = { status, requested };
  expect(of('capability.updated', { object })).toBe(own);
  expect(of('capability.updated', { object, account: 'acct_1' })).toBe(connected);
});

it.each([
  ['active', 'critical'],
  ['pending', 'warning'],
  ['unrequested', 'warning'],
])('gives a capability of our own that was %s and is inactive the severity %s', (status, severity) => {
  const object = { status: 'inactive', requested: true };
  expect(of('capability.updated', { object, previous: { status } })).toBe(severity);
});

it.each([
  ['loses charges', { charges_enabled: false }, { charges_enabled: true }, true],
  ['loses payouts', { payouts_enabled: false }, { payouts_enabled: true }, true],
  [
    'is given a reason for being disabled',
    { requirements: { disabled_reason: 'requirements.past_due' } },
    { requirements: { disabled_reason: null } },
    true,
  ],
  ['is shown without what it was before, and cannot charge', { charges_enabled: false }, undefined, true],
  ['still cannot charge', { charges_enabled: false }, { email: 'old' }, false],
  [
    'is still disabled, and owes other papers',
    { requirements: { disabled_reason: 'requirements.past_due' } },
    { requirements: { currently_due: [] } },
    false,
  ],
  ['may charge again', { charges_enabled: true }, { charges_enabled: false }, false],
  ['changes its address', { charges_enabled: true, payouts_enabled: true }, { email: 'old' }, false],
])('wakes us for our own account that %s, and warns for a connected one', (_what, object, previous, isBad) => {
  const parts = { object, ...(previous && { previous }) };
  expect(of('account.updated', parts)).toBe(isBad ? 'critical' : 'info');
  expect(of('account.updated', { ...parts, account: 'acct_1' })).toBe(isBad ? 'warning' : 'info');
});

it('warns for the second API generation, which does not say what a capability became', () => {
  const type = 'v2.core.account[configuration.merchant].capability_status_updated';
  const thin = {
    id: 'evt_v2',
    object: 'v2.core.event',
    type,
    created: '2026-06-24T10:00:00.000Z',
    related_object: { id: 'acct_1', type: 'v2.core.account' },
  };
  expect(severityOf(stripeEventSchema.parse(thin))).toBe('warning');
});

it.each([
  ['refund.updated', { object: 'refund', status: 'failed' }, 'warning'],
  ['charge.refund.updated', { object: 'refund', status: 'failed' }, 'warning'],
  ['charge.refund.updated', { status: 'failed' }, 'warning'],
  ['a.refund.of.tomorrow', { object: 'refund', status: 'failed' }, 'warning'],
  ['refund.updated', { object: 'refund', status: 'succeeded' }, 'info'],
  ['charge.updated', { object: 'charge', status: 'failed' }, 'info'],
])('looks at the status of a refund: %s with %j is %s', (type, object, severity) => {
  expect(of(type, { object })).toBe(severity);
});

it.each([
  ['charge.dispute.created', { status: 'warning_needs_response' }, 'info'],
  ['charge.dispute.created', { status: 'needs_response' }, 'warning'],
  ['radar.early_fraud_warning.created', { actionable: false }, 'info'],
  ['radar.early_fraud_warning.created', { actionable: true }, 'warning'],
  [
    'balance.available',
    {
      available: [
        { amount: 5, currency: 'usd' },
        { amount: -1, currency: 'eur' },
      ],
    },
    'warning',
  ],
  ['balance.available', { available: [{ amount: 0, currency: 'usd' }] }, 'info'],
  ['balance.available', {}, 'info'],
])('looks at the fields of %s: %j is %s', (type, object, severity) => {
  expect(of(type, { object })).toBe(severity);
});

it.each([
  ['an inquiry has become a dispute', { status: 'needs_response' }, { status: 'warning_needs_response' }, 'warning'],
  ['an inquiry goes on', { status: 'warning_under_review' }, { status: 'warning_needs_response' }, 'info'],
  ['a dispute goes on', { status: 'under_review' }, { status: 'needs_response' }, 'info'],
  ['only its evidence has changed', { status: 'needs_response' }, { evidence: {} }, 'info'],
  ['it does not say what has changed', { status: 'needs_response' }, undefined, 'info'],
])('of a dispute that is updated, when %s: %j after %j is %s', (_what, object, previous, severity) => {
  expect(of('charge.dispute.updated', { object, ...(previous && { previous }) })).toBe(severity);
});
