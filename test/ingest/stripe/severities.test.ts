import { expect, it } from 'vitest';
import { severityOf } from '../../../src/ingest/stripe/severities.ts';

const of = (type: string, object: unknown = {}) => severityOf({ type, object });

it.each([
  ['payout.failed', 'critical'],
  ['payment_intent.payment_failed', 'warning'],
  ['charge.dispute.created', 'warning'],
  ['invoice.finalization_failed', 'warning'],
  ['radar.early_fraud_warning.created', 'warning'],
  ['account.application.deauthorized', 'warning'],
  ['refund.failed', 'warning'],
  ['topup.failed', 'warning'],
  ['charge.succeeded', 'info'],
  ['a.type.of.tomorrow', 'info'],
  ['__proto__', 'info'],
  ['constructor', 'info'],
])('gives %s the severity %s', (type, severity) => {
  expect(of(type)).toBe(severity);
});

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
  ['inactive', true, 'warning'],
  ['disabled', true, 'warning'],
  ['active', true, 'info'],
  ['pending', true, 'info'],
  ['inactive', false, 'info'],
])('gives a capability that is %s, requested %s, the severity %s', (status, requested, severity) => {
  expect(of('capability.updated', { status, requested })).toBe(severity);
});
