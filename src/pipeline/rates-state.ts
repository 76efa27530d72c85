// What all replicas share of the rates: what was counted, what of it is too high, and since when somebody counts. Pure.
import * as z from 'zod';
import type { Absence, Sighting } from '../domain/observation.ts';
import { rateAbsence, rateSighting } from '../domain/rate-events.ts';
import { type Counted, countedListSchema, countRate, endRate, type Tally } from '../domain/rates.ts';
import type { Rate } from '../domain/rules/rules.ts';

/** A longer time in which no replica counted is one in which nobody was there. */
const gapMs = 5 * 60_000;

const stateSchema = z.object({
  rates: z.array(z.object({ name: z.string(), counted: countedListSchema })),
  /** In which time one replica or another counted without a gap, in milliseconds since 1970. */
  listening: z.object({ since: z.number(), until: z.number() }).nullable().default(null),
});
export type RatesState = z.infer<typeof stateSchema>;

export const readState = (stored: unknown): RatesState =>
  stateSchema.safeParse(stored).data ?? { rates: [], listening: null };

const nextListening = ({ listening }: RatesState, nowMs: number) => {
  const goesOn = listening !== null && nowMs >= listening.since && nowMs - listening.until <= gapMs;
  return { since: goesOn ? listening.since : nowMs, until: nowMs };
};

export const nextState = (
  state: RatesState,
  rules: readonly Rate[],
  tallies: ReadonlyMap<string, readonly Tally[]>,
  nowMs: number,
): RatesState => {
  const { rates: before } = state;
  const listening = nextListening(state, nowMs);
  const countedOf = (name: string) => before.find((each) => each.name === name)?.counted ?? [];
  const gone = before.filter(({ name }) => !rules.some((rate) => rate.name === name));
  return {
    listening,
    rates: [
      ...rules.map((rate) => ({
        name: rate.name,
        counted: countRate(countedOf(rate.name), tallies.get(rate.name) ?? [], rate, nowMs, listening.since),
      })),
      ...gone.map(({ name, counted }) => ({ name, counted: endRate(counted, nowMs) })),
    ].filter(({ counted }) => counted.length > 0),
  };
};

export type RateObservation = Sighting | Absence;

export interface Untold {
  readonly name: string;
  readonly counted: Counted;
  readonly observation: RateObservation;
}

/** What is not stored yet: what has begun, and what has ended. */
export const untoldOf = ({ rates }: RatesState, rules: readonly Rate[]): readonly Untold[] =>
  rates.flatMap(({ name, counted: all }) => {
    const rate = rules.find((each) => each.name === name);
    return all.flatMap((counted) => {
      const begun = rate && !counted.is_told ? rateSighting(rate, counted) : undefined;
      const ended = rateAbsence(name, counted);
      const observation = begun ?? ended;
      return observation ? [{ name, counted, observation }] : [];
    });
  });

/** How a rate stands. */
export interface RateStanding {
  readonly name: string;
  /** How many currencies or accounts are told apart, and how many of them have a share that is too high. */
  readonly values: number;
  readonly high: number;
}

/** Of each rule, also while it has counted nothing. */
export const standingOf = ({ rates }: RatesState, rules: readonly Rate[]): readonly RateStanding[] =>
  rules.map(({ name }) => {
    const counted = rates.find((each) => each.name === name)?.counted ?? [];
    return {
      name,
      values: counted.length,
      high: counted.filter(({ high, ended }) => high !== null && ended === null).length,
    };
  });

const isSame = (a: Counted, b: Counted): boolean =>
  a.value === b.value && a.test_mode === b.test_mode && a.high?.since === b.high?.since;

/** The state once this is stored. */
export const afterTelling = ({ rates, listening }: RatesState, { name, counted }: Untold): RatesState => ({
  listening,
  rates: rates.map((rate) => {
    if (rate.name !== name) return rate;
    const hasEnded = counted.is_told && counted.ended !== null;
    const fields = hasEnded ? { high: null, ended: null, is_told: false } : { is_told: true };
    return { name, counted: rate.counted.map((each) => (isSame(each, counted) ? { ...each, ...fields } : each)) };
  }),
});
