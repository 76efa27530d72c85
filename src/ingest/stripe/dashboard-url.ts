// Where a person finds the object of an event in Stripe's dashboard.
import { field, type StripeEvent, textField } from './schema.ts';

/** The dashboard's section of each kind of object, by `object.object`. */
const sections = new Map<string, string>([
  ['charge', 'payments'],
  ['dispute', 'disputes'],
  ['invoice', 'invoices'],
  ['payment_intent', 'payments'],
  ['payout', 'payouts'],
  ['refund', 'refunds'],
  ['setup_intent', 'setup_intents'],
  ['subscription', 'subscriptions'],
  ['subscription_schedule', 'subscription_schedules'],
  ['topup', 'topups'],
  ['transfer', 'connect/transfers'],
]);

/** For a body without `object`: the prefix of an id says the same. */
const kinds = new Map<string, string>([
  ['ch', 'charge'],
  ['dp', 'dispute'],
  ['du', 'dispute'],
  ['in', 'invoice'],
  ['pi', 'payment_intent'],
  ['po', 'payout'],
  ['py', 'charge'],
  ['re', 'refund'],
  ['seti', 'setup_intent'],
  ['sub', 'subscription'],
  ['tr', 'transfer'],
  ['tu', 'topup'],
]);

const sanePart = /^\w{1,255}$/;

const pathOf = ({ id, object, account }: StripeEvent): string => {
  const objectId = textField(object, ['id']);
  const kind = textField(object, ['object']) ?? kinds.get(objectId?.split('_')[0] ?? '');
  const section = sections.get(kind ?? '');
  if (section !== undefined && objectId !== undefined && sanePart.test(objectId)) return `${section}/${objectId}`;
  // A fraud warning is acted on where its payment is.
  const payment = textField(object, ['payment_intent'], ['charge']);
  if (kind === 'radar.early_fraud_warning' && payment !== undefined && sanePart.test(payment))
    return `payments/${payment}`;
  if (account !== undefined && isAboutAccount(kind, object)) return `connect/accounts/${account}`;
  return sanePart.test(id) ? `events/${id}` : '';
};

const isAboutAccount = (kind: string | undefined, object: unknown): boolean =>
  kind === 'account' || kind === 'capability' || field(object, 'type') === 'v2.core.account';

/** In test mode under `/test/`, for a connected account under `/{account}/`. */
export const dashboardUrl = (event: StripeEvent): string => {
  const account = event.account !== undefined && sanePart.test(event.account) ? event.account : undefined;
  const path = pathOf({ ...event, account });
  // What is about the account itself is seen from the platform.
  const inAccount = account !== undefined && !path.startsWith('connect/accounts/') ? [account] : [];
  const parts = [...inAccount, ...(event.livemode === false ? ['test'] : []), path];
  return `https://dashboard.stripe.com/${parts.join('/')}`;
};
