// How serious each type of Stripe event is: one line a type. What is not here is stored as `info`.
//
// Critical wakes somebody, so it is only for money that should have moved and did not, at the level of the account.
// Warning is for working hours. Two types that Stripe sends for one failure must never both be routable: of a declined
// card, for instance, `payment_intent.payment_failed` is the routable one, and the charge, the invoice, the checkout
// session and the terminal reader that report the same decline are `info`.
// The types: https://docs.stripe.com/api/events/types
import type { Severity } from '../../domain/event.ts';
import {
  capabilitySeverity,
  hasNegativeBalance,
  isActionable,
  isDisabledAccount,
  isDispute,
  isEscalatedInquiry,
  isRefundThatFailed,
  ownOrConnected,
} from './conditions.ts';
import type { StripeEvent } from './schema.ts';

/** Always the same, or looked up in the event's fields. */
type Row = Severity | ((event: StripeEvent) => Severity);

const warningIf =
  (condition: (event: StripeEvent) => boolean): Row =>
  (event) =>
    condition(event) ? 'warning' : 'info';

const severities = new Map<string, Row>([
  // Money that does not arrive.
  ['payout.failed', 'critical'],
  ['payout.canceled', 'warning'],
  ['transfer.reversed', 'warning'],
  ['topup.failed', 'warning'],
  ['topup.reversed', 'warning'],
  ['balance.available', warningIf(hasNegativeBalance)],
  ['payment_intent.payment_failed', 'warning'],
  ['charge.failed', 'info'], // the decline of payment_intent.payment_failed
  ['invoice.payment_failed', 'info'], // the same decline, of an invoice
  ['checkout.session.async_payment_failed', 'info'], // the same decline, of a checkout
  ['terminal.reader.action_failed', 'info'], // the same decline, at a reader
  ['setup_intent.setup_failed', 'info'], // one customer's card; nothing was to be paid yet
  ['invoice.finalization_failed', 'warning'], // the invoice is never sent, and nobody is charged
  ['subscription_schedule.aborted', 'warning'],
  ['refund.failed', 'warning'], // a customer waits for money; what only says so in its status is below
  ['treasury.outbound_payment.failed', 'warning'],
  ['treasury.outbound_transfer.failed', 'warning'],
  ['treasury.inbound_transfer.failed', 'warning'],
  ['v1.billing.meter.error_report_triggered', 'warning'], // usage that is not billed
  ['v1.billing.meter.no_meter_found', 'warning'],

  // Money that may be taken back. An answer is due in days, not at night.
  ['charge.dispute.created', warningIf(isDispute)],
  ['charge.dispute.updated', warningIf(isEscalatedInquiry)],
  ['charge.dispute.funds_withdrawn', 'info'], // follows from the dispute
  ['charge.dispute.closed', 'info'],
  ['radar.early_fraud_warning.created', warningIf(isActionable)],
  ['review.opened', 'info'],

  // Accounts: one of one's own that cannot charge or be paid stops the business, a connected one is somebody else's.
  ['account.updated', ownOrConnected(isDisabledAccount)],
  ['capability.updated', capabilitySeverity],
  ['account.application.deauthorized', 'warning'],
  ['financial_connections.account.disconnected', 'info'],

  // Reports that somebody waits for.
  ['reporting.report_run.failed', 'warning'],
]);

/** Types that are known by their form. They are asked where the table has no row. */
const patterns: readonly (readonly [RegExp, Row])[] = [
  [/^treasury\.[a-z_]+\.returned$/, 'warning'],
  // The thin twin of capability.updated does not say which state it is in: somebody has to look.
  [/^v2\.core\.account\[[a-z_.]+\]\.capability_status_updated$/, 'warning'],
];

const rowOf = (type: string): Row => severities.get(type) ?? patterns.find(([form]) => form.test(type))?.[1] ?? 'info';

export const severityOf = (event: StripeEvent): Severity => {
  const row = rowOf(event.type);
  const severity = typeof row === 'string' ? row : row(event);
  // `refund.updated` and `charge.refund.updated` say it by a field.
  return severity === 'info' && isRefundThatFailed(event) ? 'warning' : severity;
};
