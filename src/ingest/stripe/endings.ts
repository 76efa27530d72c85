// Good news: which earlier bad news of the same object is over when an event of this type arrives.
import { hasBalance, hasStatus, isActionable, isEnabledAccount } from './conditions.ts';
import type { StripeEvent } from './schema.ts';

interface Row {
  /** The types of bad news that it ends. */
  readonly ends: readonly string[];
  /** For a type that brings bad news too: whether this one is good. */
  readonly onlyIf?: (event: StripeEvent) => boolean;
}

const refundFailures = ['refund.failed', 'refund.updated', 'charge.refund.updated'];
const disputes = ['charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.funds_withdrawn'];

const endings = new Map<string, Row>([
  ['payout.paid', { ends: ['payout.failed', 'payout.canceled'] }],
  ['topup.succeeded', { ends: ['topup.failed'] }],
  ['balance.available', { ends: ['balance.available'], onlyIf: hasBalance }],
  ['payment_intent.succeeded', { ends: ['payment_intent.payment_failed'] }],
  ['payment_intent.amount_capturable_updated', { ends: ['payment_intent.payment_failed'] }],
  ['setup_intent.succeeded', { ends: ['setup_intent.setup_failed'] }],
  ['invoice.paid', { ends: ['invoice.payment_failed', 'invoice.finalization_failed'] }],
  ['invoice.payment_succeeded', { ends: ['invoice.payment_failed', 'invoice.finalization_failed'] }],
  ['invoice.finalized', { ends: ['invoice.finalization_failed'] }],
  ['checkout.session.async_payment_succeeded', { ends: ['checkout.session.async_payment_failed'] }],
  ['terminal.reader.action_succeeded', { ends: ['terminal.reader.action_failed'] }],
  ['refund.updated', { ends: refundFailures, onlyIf: hasStatus('succeeded') }],
  ['charge.refund.updated', { ends: refundFailures, onlyIf: hasStatus('succeeded') }],
  ['charge.dispute.closed', { ends: disputes }],
  ['charge.dispute.funds_reinstated', { ends: disputes }],
  [
    'radar.early_fraud_warning.updated',
    { ends: ['radar.early_fraud_warning.created'], onlyIf: (event) => !isActionable(event) },
  ],
  ['review.closed', { ends: ['review.opened'] }],
  ['account.updated', { ends: ['account.updated'], onlyIf: isEnabledAccount }],
  ['capability.updated', { ends: ['capability.updated'], onlyIf: hasStatus('active') }],
  ['account.application.authorized', { ends: ['account.application.deauthorized'] }],
  ['financial_connections.account.reactivated', { ends: ['financial_connections.account.disconnected'] }],
  ['reporting.report_run.succeeded', { ends: ['reporting.report_run.failed'] }],
]);

/** `treasury.outbound_payment.posted` and its siblings: the money arrived. */
const posted = /^(treasury\.[a-z_]+)\.(posted|succeeded)$/;

const none: readonly string[] = [];

/** The types whose alerts of this object an event ends; empty for what is no good news. */
export const endedBy = (event: StripeEvent): readonly string[] => {
  const row = endings.get(event.type);
  if (row) return row.onlyIf && !row.onlyIf(event) ? none : row.ends;
  const flow = posted.exec(event.type)?.[1];
  return flow === undefined ? none : [`${flow}.failed`, `${flow}.returned`];
};
