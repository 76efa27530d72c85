// An alert's title as a person says it. A payment's own title names a type and an id, which tells eight of them apart no
// more than one: what happened, how much, and why do.

/** @import { AlertView, DeliveryView, EventView } from './types.ts' */
/** @typedef {{ title: string, more: readonly string[] }} Headline */

/** @type {Readonly<Record<string, number>>} */
let unusualDecimals = {};

/** The currencies whose amounts do not have two decimals: Stripe's, not the browser's. @param {Readonly<Record<string, number>>} decimals */
export const setUnusualDecimals = (decimals) => {
  unusualDecimals = decimals;
};

/**
 * @param {number} amount in minor units
 * @param {string} code such as `eur`
 */
export const amountWords = (amount, code) => {
  const currency = code.toUpperCase();
  const digits = unusualDecimals[currency] ?? 2;
  const number = new Intl.NumberFormat('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return `${number.format(amount / 10 ** digits)} ${currency}`;
};

/** @type {Readonly<Record<string, string>>} */
let meanings = {};

/** What types mean whose own words do not say it. @param {Readonly<Record<string, string>>} given */
export const setTypeMeanings = (given) => {
  meanings = given;
};

/** Shorter than the words of the types. @type {ReadonlyMap<string, string>} */
const shorter = new Map([
  ['charge.dispute.created', 'Payment disputed'],
  ['payment_intent.payment_failed', 'Payment failed'],
]);

/** `payout.failed` is "Payout failed". @param {string} type @param {boolean} isHarmless by the built-in tables */
const typeWords = (type, isHarmless) => {
  const meaning = (isHarmless ? undefined : meanings[type]) ?? shorter.get(type);
  if (meaning !== undefined) return meaning;
  const words = type.replace(/^v2\.core\./, '').replaceAll(/[._]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** @param {Pick<EventView, 'facts' | 'description'>} event */
const paymentWords = ({ facts, description }) => [
  ...(facts.amount !== undefined && facts.currency !== undefined ? [amountWords(facts.amount, facts.currency)] : []),
  ...(description !== null ? [description] : facts.reason === undefined ? [] : [facts.reason.replaceAll('_', ' ')]),
  ...(facts.account === undefined ? [] : [`account ${facts.account}`]),
];

/**
 * @param {Pick<AlertView, 'title' | 'source'>} alert
 * @param {Pick<EventView, 'facts' | 'description'> | undefined} [payment] its event, where it is one of a payment
 * @returns {Headline}
 */
export const headlineOf = ({ title, source }, payment) => {
  const [, head = '', tail = ''] = /^([^:]+)(?:: (.+))?$/s.exec(title) ?? [];
  // A share of failed payments begins with the name of its rule, and goes on with words.
  if (source === 'stripe' && /^[a-z0-9_]+\.[a-z0-9_.]+$/.test(head) && !/\s/.test(tail))
    return {
      title: typeWords(head, payment?.facts.built_in_severity === 'info'),
      more: [...(payment ? paymentWords(payment) : []), ...(tail === '' ? [] : [tail])],
    };
  // Of a component: its state, and the group that it stands in.
  const [, status, group = ''] = /^([a-z]+(?:_[a-z]+)+)( \(.*\))?$/s.exec(tail) ?? [];
  return { title: status === undefined ? title : `${head}: ${status.replaceAll('_', ' ')}${group}`, more: [] };
};

/**
 * What the alert of a delivery is called, open or over; its id where it is gone.
 * @param {Pick<DeliveryView, 'alert_id' | 'alert_title' | 'source'>} delivery
 */
export const alertNameOf = ({ alert_id: alertId, alert_title: title, source }) =>
  title === null || source === null ? alertId : headlineOf({ title, source }).title;
