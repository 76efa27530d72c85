// What rules and notifications can ask about a Stripe event.
import type { Facts } from '../../domain/facts.ts';
import { cutName, shortId } from '../../lib/text.ts';
import { dashboardUrl } from './dashboard-url.ts';
import { field, type StripeEvent, textField } from './schema.ts';

const failureCodes = [
  ['failure_code'],
  ['last_payment_error', 'code'],
  ['last_setup_error', 'code'],
  ['last_finalization_error', 'code'],
  ['returned_details', 'code'],
] as const;

const declineCodes = [
  ['last_payment_error', 'decline_code'],
  ['last_setup_error', 'decline_code'],
  ['outcome', 'decline_code'],
] as const;

const reasons = [
  ['reason'],
  ['failure_reason'],
  ['requirements', 'disabled_reason'],
  ['fraud_type'],
  ['cancellation_reason'],
] as const;

const name = (text: string | undefined): string | undefined => text && cutName(text);

/** A balance has an amount for each currency: the lowest is the one that matters. */
const lowestBalance = (object: unknown): unknown => {
  const available = field(object, 'available');
  if (!Array.isArray(available)) return undefined;
  const amountOf = (each: unknown): number => Number(field(each, 'amount'));
  return available.reduce<unknown>((a, b) => (a === undefined || amountOf(b) < amountOf(a) ? b : a), undefined);
};

const money = (object: unknown) => {
  const holder = field(object, 'available') === undefined ? object : lowestBalance(object);
  const amount = field(holder, 'amount') ?? field(holder, 'amount_due');
  const currency = field(holder, 'currency');
  if (!Number.isSafeInteger(amount) || typeof currency !== 'string' || currency === '') return {};
  return { amount: Number(amount), currency: cutName(currency) };
};

export const objectIdOf = ({ object }: Pick<StripeEvent, 'object'>): string | undefined => {
  const id = textField(object, ['id']);
  return id && shortId(id);
};

export const factsOf = (event: StripeEvent): Facts => {
  const { object, livemode } = event;
  // A thin v2 event says in `type` what its related object is.
  const kind = name(textField(object, ['object'], ['type']));
  const objectId = objectIdOf(event);
  const account = event.account && shortId(event.account);
  const failureCode = name(textField(object, ...failureCodes));
  const declineCode = name(textField(object, ...declineCodes));
  const reason = name(textField(object, ...reasons));
  // Made of checked parts, so it is not parsed once more: that cost a tenth of an event. A test parses what comes out.
  return {
    type: cutName(event.type),
    ...(kind && { object: kind }),
    ...(objectId && { object_id: objectId }),
    ...money(object),
    ...(account && { account }),
    ...(typeof livemode === 'boolean' && { livemode }),
    ...(failureCode && { failure_code: failureCode }),
    ...(declineCode && { decline_code: declineCode }),
    ...(reason && { reason }),
    url: dashboardUrl(event),
  };
};
