// What rules and notifications can ask about a Stripe event.
import { type Facts, factsSchema } from '../../domain/facts.ts';
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
  const given = {
    type: cutName(event.type),
    // A thin v2 event says in `type` what its related object is.
    object: name(textField(object, ['object'], ['type'])),
    object_id: objectIdOf(event),
    ...money(object),
    account: event.account && shortId(event.account),
    livemode: typeof livemode === 'boolean' ? livemode : undefined,
    failure_code: name(textField(object, ...failureCodes)),
    decline_code: name(textField(object, ...declineCodes)),
    reason: name(textField(object, ...reasons)),
    url: dashboardUrl(event),
  };
  return factsSchema.parse(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
};
