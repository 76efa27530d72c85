// How many payments were missed, of which types, and the largest: what the title of their alert says.
import * as z from 'zod';
import { counted } from '../lib/counted.ts';
import type { EventRecord } from './event-record.ts';
import { formatAmount } from './rules/amounts.ts';

const maxTypes = 20;
const maxCurrencies = 5;
const maxShown = 3;

/** What the title of such an alert is made from. */
export const missedSchema = z.object({
  counts: z.record(z.string(), z.int().positive()).readonly(),
  /** By currency, in minor units. */
  largest: z
    .record(z.string(), z.object({ amount: z.number(), object_id: z.string().nullable() }).readonly())
    .readonly(),
});
export type Missed = Readonly<z.infer<typeof missedSchema>>;

type Seen = Pick<EventRecord, 'event' | 'facts'>;

const countOf = (counts: Missed['counts'], type: string): Missed['counts'] => {
  const name = Object.hasOwn(counts, type) || Object.keys(counts).length < maxTypes ? type : 'other';
  return { ...counts, [name]: (Object.hasOwn(counts, name) ? (counts[name] ?? 0) : 0) + 1 };
};

const largestOf = (largest: Missed['largest'], { facts: { amount, currency, object_id: id } }: Seen) => {
  if (amount === undefined || currency === undefined) return largest;
  const known = Object.hasOwn(largest, currency) ? largest[currency] : undefined;
  const isNews = known === undefined ? Object.keys(largest).length < maxCurrencies : amount > known.amount;
  return isNews ? { ...largest, [currency]: { amount, object_id: id ?? null } } : largest;
};

const listOf = (items: readonly string[]): string =>
  items.length > maxShown
    ? `${items.slice(0, maxShown).join(', ')} and ${items.length - maxShown} more`
    : items.join(', ');

/** "12 events missed while we were away: 9 payment_intent.payment_failed, 3 payout.failed; the largest 120.00 EUR (po_1)". */
export const missedTitle = ({ counts, largest }: Missed): string => {
  const types = Object.entries(counts).toSorted(([, a], [, b]) => b - a);
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  const amounts = Object.entries(largest).map(([currency, { amount, object_id: id }]) => {
    const text = formatAmount({ minor: amount, currency: currency.toUpperCase() });
    return id === null ? text : `${text} (${id})`;
  });
  const byType = listOf(types.map(([type, count]) => `${count} ${type}`));
  const most = amounts.length === 0 ? '' : `; the largest ${listOf(amounts)}`;
  return `${counted(total, 'event')} missed while we were away: ${byType}${most}`;
};

export const countedIn = (before: Missed | undefined, record: Seen): Missed => ({
  counts: countOf(before?.counts ?? {}, record.facts.type ?? record.event.summary),
  largest: largestOf(before?.largest ?? {}, record),
});
