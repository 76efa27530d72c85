// The share of payments that failed, counted over a length of time: when it begins to be too high, and when that ends.
// Pure. Payments are counted in slots, so that what is kept depends on the rules and never on how many payments there are.
import * as z from 'zod';
import { toIso } from '../lib/time.ts';
import type { Sighting } from './observation.ts';
import type { Rate } from './rules/rules.ts';

const slotsInWindow = 15;
/** So many currencies or accounts are told apart; what comes beyond them is not counted. */
export const maxValues = 200;
/** A share that goes up and down around the limit is one alert. */
const lowerLimit = 0.8;

const slotSchema = z.object({ at: z.number(), failed: z.int(), total: z.int() });
export type Slot = Readonly<z.infer<typeof slotSchema>>;

const countedSchema = z.object({
  /** A currency, an account, or `all`. */
  value: z.string(),
  test_mode: z.boolean(),
  slots: z.array(slotSchema.readonly()).readonly(),
  /** Since when the share has been too high, and how it was then; null while it is not. */
  high: z.object({ since: z.string(), failed: z.int(), total: z.int() }).nullable(),
  /** Whether that is stored as an event. */
  is_told: z.boolean(),
  /** When it ended, and why, until that is stored too. */
  ended: z.object({ at: z.string(), reason: z.string() }).nullable(),
});
export type Counted = Readonly<z.infer<typeof countedSchema>>;
export const countedListSchema = z.array(countedSchema.readonly()).readonly();

/** One payment, as a rule counts it. */
export interface Tally {
  readonly value: string;
  readonly testMode: boolean;
  readonly at: number;
  readonly hasFailed: boolean;
}

/** The types that say how a payment ended; all others are on the way there. */
const outcomes = new Map([
  ['payment_intent.succeeded', false],
  ['payment_intent.payment_failed', true],
]);

const countedBy = ({ by }: Rate, { facts }: Sighting): string | undefined => {
  if (by === null) return 'all';
  return by === 'account' ? (facts.account ?? 'own') : facts.currency;
};

/** What a payment adds to a rule's counts; undefined for what the rule does not count. */
export const tallyOf = (rate: Rate, sighting: Sighting, nowMs: number): Tally | undefined => {
  const { event, facts, missed, testMode } = sighting;
  const hasFailed = outcomes.get(facts.type ?? '');
  const value = countedBy(rate, sighting);
  // What happened while we were away says nothing about now; nor does a webhook that was sent again hours later.
  if (hasFailed === undefined || value === undefined || missed !== undefined) return undefined;
  const at = Math.min(Date.parse(event.started_at), nowMs);
  if (at <= nowMs - rate.overMs) return undefined;
  return rate.matches({ event, facts }, nowMs) ? { value, testMode, at, hasFailed } : undefined;
};

const slotMs = ({ overMs }: Rate): number => Math.ceil(overMs / slotsInWindow);

/** Adds one to the slot of its time. */
const added = (slots: readonly Slot[], { at, hasFailed }: Tally, lengthMs: number): readonly Slot[] => {
  const begin = Math.floor(at / lengthMs) * lengthMs;
  const known = slots.find((slot) => slot.at === begin) ?? { at: begin, failed: 0, total: 0 };
  const next = { at: begin, failed: known.failed + Number(hasFailed), total: known.total + 1 };
  return [...slots.filter((slot) => slot.at !== begin), next];
};

const withTallies = (counted: readonly Counted[], tallies: readonly Tally[], rate: Rate): readonly Counted[] => {
  const byKey = new Map(counted.map((each) => [`${each.test_mode} ${each.value}`, each]));
  for (const tally of tallies) {
    const key = `${tally.testMode} ${tally.value}`;
    const known = byKey.get(key);
    if (!known && byKey.size >= maxValues) continue;
    const nothing = { value: tally.value, test_mode: tally.testMode, high: null, is_told: false, ended: null };
    const slots = added(known?.slots ?? [], tally, slotMs(rate));
    byKey.set(key, { ...nothing, ...known, slots });
  }
  return [...byKey.values()];
};

const sumOf = (slots: readonly Slot[]) =>
  slots.reduce((sum, { failed, total }) => ({ failed: sum.failed + failed, total: sum.total + total }), {
    failed: 0,
    total: 0,
  });

/**
 * Why a high share is over; undefined while it goes on.
 * @param knowsWindow whether we were there for the whole window: after a stop of our own, few payments mean nothing
 */
const whyOver = (
  { above, atLeast }: Rate,
  { failed, total }: { readonly failed: number; readonly total: number },
  knowsWindow: boolean,
): string | undefined => {
  if (total < atLeast) return knowsWindow ? `fewer than ${atLeast} payments are left in the window` : undefined;
  return failed / total <= above * lowerLimit ? 'fewer payments fail again' : undefined;
};

const judged = (counted: Counted, rate: Rate, nowMs: number, listeningSinceMs: number): Counted => {
  // What lies ahead is of before our clock stepped back.
  const slots = counted.slots.filter(({ at }) => at > nowMs - rate.overMs && at <= nowMs);
  const { failed, total } = sumOf(slots);
  if (counted.ended) return { ...counted, slots };
  if (!counted.high) {
    const isHigh = total >= rate.atLeast && failed / total > rate.above;
    return { ...counted, slots, high: isHigh ? { since: toIso(nowMs), failed, total } : null };
  }
  const reason = whyOver(rate, { failed, total }, nowMs - listeningSinceMs >= rate.overMs);
  return { ...counted, slots, ended: reason === undefined ? null : { at: toIso(nowMs), reason } };
};

/**
 * The counts of one rule with these payments, as they are now.
 * @param listeningSinceMs since when payments were taken in without a gap
 */
export const countRate = (
  before: readonly Counted[],
  tallies: readonly Tally[],
  rate: Rate,
  nowMs: number,
  listeningSinceMs: number,
): readonly Counted[] =>
  withTallies(before, tallies, rate)
    .map((each) => judged(each, rate, nowMs, listeningSinceMs))
    .filter(({ slots, high }) => slots.length > 0 || high !== null);

/** The counts of a rule that is there no more: what is high ends. */
export const endRate = (before: readonly Counted[], nowMs: number): readonly Counted[] =>
  before
    .filter(({ high }) => high !== null)
    .map((each) => ({ ...each, ended: each.ended ?? { at: toIso(nowMs), reason: 'its rule is gone' } }));
