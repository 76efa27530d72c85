import { expect, it } from 'vitest';
import { endedBy } from '../../../src/ingest/stripe/endings.ts';
import { stripeEventSchema } from '../../../src/ingest/stripe/schema.ts';
import { stripeEvent } from '../../support/stripe.ts';

const ended = (type: string, object: object = {}) =>
  endedBy(stripeEventSchema.parse(stripeEvent('evt_1', type, { data: { object } })));

it.each([
  ['payment_intent.succeeded', {}, 'payment_intent.payment_failed'],
  ['payout.paid', {}, 'payout.failed'],
  ['charge.dispute.closed', { status: 'lost' }, 'charge.dispute.created'],
  ['capability.updated', { status: 'active' }, 'capability.updated'],
  ['account.updated', { charges_enabled: true, payouts_enabled: true }, 'account.updated'],
  ['refund.updated', { status: 'succeeded' }, 'refund.failed'],
  ['radar.early_fraud_warning.updated', { actionable: false }, 'radar.early_fraud_warning.created'],
  ['balance.available', { available: [{ amount: 1, currency: 'usd' }] }, 'balance.available'],
  ['treasury.outbound_payment.posted', {}, 'treasury.outbound_payment.returned'],
])('%s with %j ends %s', (type, object, bad) => {
  expect(ended(type, object)).toContain(bad);
});

it.each([
  ['payout.failed', {}],
  ['payout.created', {}],
  ['capability.updated', { status: 'inactive' }],
  ['capability.updated', { status: 'pending' }],
  ['account.updated', { charges_enabled: true, payouts_enabled: false }],
  ['account.updated', { charges_enabled: false, payouts_enabled: true }],
  ['account.updated', { charges_enabled: true, payouts_enabled: true, requirements: { disabled_reason: 'x' } }],
  ['account.updated', {}],
  ['refund.updated', { status: 'failed' }],
  ['radar.early_fraud_warning.updated', { actionable: true }],
  ['balance.available', { available: [{ amount: -1, currency: 'usd' }] }],
  ['balance.available', {}],
  ['treasury.outbound_payment.created', {}],
  ['__proto__', {}],
])('%s with %j ends nothing', (type, object) => {
  expect(ended(type, object)).toEqual([]);
});
