// What the fields of a Stripe event say, for the tables of severities and of endings.
import type { Severity } from '../../domain/event.ts';
import { field, type StripeEvent, textField } from './schema.ts';

type Condition = (event: StripeEvent) => boolean;

/** Critical for an account of one's own, a warning for a connected one. */
export const ownOrConnected =
  (condition: Condition) =>
  (event: StripeEvent): Severity => {
    if (!condition(event)) return 'info';
    return event.account === undefined ? 'critical' : 'warning';
  };

const statusOf = (value: unknown): string => textField(value, ['status']) ?? '';

export const hasStatus =
  (...statuses: readonly string[]): Condition =>
  ({ object }) =>
    statuses.includes(statusOf(object));

/** Whether a field has changed. An event without any former value tells only how things are. */
const hasChanged = ({ previous }: StripeEvent, ...path: readonly string[]): boolean => {
  if (previous === undefined || previous === null) return true;
  const parent = field(previous, ...path.slice(0, -1));
  return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, path.at(-1) ?? '');
};

const disabledReason = ({ object }: StripeEvent): unknown => field(object, 'requirements', 'disabled_reason') ?? null;

/** An account that could charge or be paid out and cannot any more, or has got a reason for being disabled. */
export const isDisabledAccount: Condition = (event) => {
  const lost = (flag: string): boolean => field(event.object, flag) === false && hasChanged(event, flag);
  return (
    lost('charges_enabled') ||
    lost('payouts_enabled') ||
    (disabledReason(event) !== null && hasChanged(event, 'requirements', 'disabled_reason'))
  );
};

export const isEnabledAccount: Condition = (event) =>
  field(event.object, 'charges_enabled') === true &&
  field(event.object, 'payouts_enabled') === true &&
  disabledReason(event) === null;

const isLostCapability: Condition = (event) =>
  field(event.object, 'requested') !== false && hasStatus('inactive', 'disabled')(event);

/** One that was never active was not lost, but refused. */
export const capabilitySeverity = (event: StripeEvent): Severity => {
  const severity = ownOrConnected(isLostCapability)(event);
  const before = field(event.previous, 'status') ?? 'active';
  return severity === 'critical' && before !== 'active' ? 'warning' : severity;
};

const availableAmounts = ({ object }: StripeEvent): readonly unknown[] => {
  const available = field(object, 'available');
  return Array.isArray(available) ? available.map((each) => field(each, 'amount')) : [];
};

export const hasNegativeBalance: Condition = (event) =>
  availableAmounts(event).some((amount) => typeof amount === 'number' && amount < 0);

export const hasBalance: Condition = (event) => availableAmounts(event).length > 0 && !hasNegativeBalance(event);

/** An inquiry, whose status begins with `warning_`, takes no money yet. */
export const isDispute: Condition = ({ object }) => !statusOf(object).startsWith('warning_');

/** An inquiry that has become a dispute: its money is taken now, and no other `created` follows. */
export const isEscalatedInquiry: Condition = (event) =>
  statusOf(event.previous).startsWith('warning_') && isDispute(event);

export const isActionable: Condition = ({ object }) => field(object, 'actionable') !== false;

const refundTypes = /^(refund\.|charge\.refund\.)/;

const isRefund: Condition = ({ type, object }) => field(object, 'object') === 'refund' || refundTypes.test(type);

export const isRefundThatFailed: Condition = (event) => isRefund(event) && hasStatus('failed')(event);
