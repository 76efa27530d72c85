// How serious each type of Stripe event is: one line a type. What is not here is stored as `info`.
//
// Critical wakes somebody, so it is only for money that should have moved and did not, at the level of the account.
// Warning is for working hours. Two types that Stripe sends for one failure must never both be routable: of a declined
// card, for instance, `payment_intent.payment_failed` is the routable one, and the charge, the invoice, the checkout
// session and the terminal reader that report the same decline are `info`.
// The types: https://docs.stripe.com/api/events/types
import type { Severity } from '../../domain/event.ts';
import { field, type StripeEvent } from './schema.ts';

interface Row {
  readonly severity: Severity;
  /** For a type that reports good news too: whether this one is bad. Otherwise it is `info`. */
  readonly onlyIf?: (object: StripeEvent['object']) => boolean;
}

const hasLostCapability: Row['onlyIf'] = (object) =>
  field(object, 'requested') !== false && ['inactive', 'disabled'].includes(String(field(object, 'status')));

const severities = new Map<string, Row>([
  // Money that does not arrive.
  ['payout.failed', { severity: 'critical' }],
  ['payment_intent.payment_failed', { severity: 'warning' }],
  ['charge.failed', { severity: 'info' }], // the decline of payment_intent.payment_failed
  ['invoice.payment_failed', { severity: 'info' }], // the same decline, of an invoice
  ['checkout.session.async_payment_failed', { severity: 'info' }], // the same decline, of a checkout
  ['terminal.reader.action_failed', { severity: 'info' }], // the same decline, at a reader
  ['setup_intent.setup_failed', { severity: 'info' }], // one customer's card; nothing was to be paid yet
  ['invoice.finalization_failed', { severity: 'warning' }], // the invoice is never sent, and nobody is charged
  ['subscription_schedule.aborted', { severity: 'warning' }],
  ['topup.failed', { severity: 'warning' }],
  ['refund.failed', { severity: 'warning' }], // a customer waits for money
  ['treasury.outbound_payment.failed', { severity: 'warning' }],
  ['treasury.outbound_transfer.failed', { severity: 'warning' }],
  ['treasury.inbound_transfer.failed', { severity: 'warning' }],
  ['v1.billing.meter.error_report_triggered', { severity: 'warning' }], // usage that is not billed
  ['v1.billing.meter.no_meter_found', { severity: 'warning' }],

  // Money that may be taken back. An answer is due in days, not at night.
  ['charge.dispute.created', { severity: 'warning' }],
  ['charge.dispute.funds_withdrawn', { severity: 'info' }], // follows from the dispute
  ['charge.dispute.closed', { severity: 'info' }],
  ['radar.early_fraud_warning.created', { severity: 'warning' }],
  ['review.opened', { severity: 'info' }],

  // Connected accounts.
  ['capability.updated', { severity: 'warning', onlyIf: hasLostCapability }],
  ['account.updated', { severity: 'info' }], // sent along with every capability.updated
  ['account.application.deauthorized', { severity: 'warning' }],
  ['financial_connections.account.disconnected', { severity: 'info' }],

  // Reports that somebody waits for.
  ['reporting.report_run.failed', { severity: 'warning' }],
]);

export const severityOf = ({ type, object }: Pick<StripeEvent, 'type' | 'object'>): Severity => {
  const row = severities.get(type);
  if (!row || (row.onlyIf && !row.onlyIf(object))) return 'info';
  return row.severity;
};
