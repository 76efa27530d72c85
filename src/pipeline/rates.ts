// Counts how payments end, for the rate rules. What was counted is added to a state that all replicas share, so that a
// restart goes on with it; what of it is too high, or no more, is published as any other observation.
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { severities } from '../domain/event.ts';
import type { Absence, AlertPlace, Observation, Sighting } from '../domain/observation.ts';
import { rateAbsence, rateSighting } from '../domain/rate-events.ts';
import { type Counted, countedListSchema, countRate, endRate, type Tally, tallyOf } from '../domain/rates.ts';
import type { Rate, Rules } from '../domain/rules/rules.ts';
import { isTold } from '../domain/them-or-us.ts';
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Bus } from './bus.ts';
import type { Counterparts } from './counterparts.ts';
import type { SignalOutcomes } from './signal-outcome.ts';
import type { Outcome } from './topics.ts';

/** How a rate stands. */
export interface RateState {
  readonly name: string;
  /** How many currencies or accounts are told apart, and how many of them have a share that is too high. */
  readonly values: number;
  readonly high: number;
}

export interface RatesDeps {
  readonly store: Pick<EventStore, 'changeState' | 'find' | 'readAlert'>;
  readonly counterparts: Pick<Counterparts, 'ofVendors'>;
  readonly bus: Pick<Bus, 'publish' | 'on'>;
  readonly outcomes: Pick<SignalOutcomes, 'expect'>;
  readonly rules: () => Pick<Rules, 'rates'>;
  /** Is told how the rates stand, at each run. */
  readonly show?: (rates: readonly RateState[]) => void;
  readonly log: Log;
  readonly now: () => number;
}

export interface Rates {
  /** Adds what was counted to the state, and publishes what has begun and ended. Never rejects. */
  run(): Promise<void>;
}

const stateKey = 'rates';
/** What is counted while the store is away. */
const maxTallies = 50_000;

/** A longer time in which no replica counted is one in which nobody was there. */
const gapMs = 5 * 60_000;

const stateSchema = z.object({
  rates: z.array(z.object({ name: z.string(), counted: countedListSchema })),
  /** In which time one replica or another counted without a gap, in milliseconds since 1970. */
  listening: z.object({ since: z.number(), until: z.number() }).nullable().default(null),
});
type State = z.infer<typeof stateSchema>;

const isNew = ({ kind }: Outcome): boolean => kind === 'stored';

const readState = (stored: unknown): State => stateSchema.safeParse(stored).data ?? { rates: [], listening: null };

const nextListening = ({ listening }: State, nowMs: number) => {
  const goesOn = listening !== null && nowMs >= listening.since && nowMs - listening.until <= gapMs;
  return { since: goesOn ? listening.since : nowMs, until: nowMs };
};

const nextState = (
  state: State,
  rules: readonly Rate[],
  tallies: ReadonlyMap<string, readonly Tally[]>,
  nowMs: number,
): State => {
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

type RateObservation = Sighting | Absence;

interface News {
  readonly name: string;
  readonly counted: Counted;
  readonly observation: RateObservation;
}

/** What is not stored yet: what has begun, and what has ended. */
const newsOf = ({ rates }: State, rules: readonly Rate[]): readonly News[] =>
  rates.flatMap(({ name, counted: all }) => {
    const rate = rules.find((each) => each.name === name);
    return all.flatMap((counted) => {
      const begun = rate && !counted.is_told ? rateSighting(rate, counted) : undefined;
      const ended = rateAbsence(name, counted);
      const observation = begun ?? ended;
      return observation ? [{ name, counted, observation }] : [];
    });
  });

/** Of each rule, also while it has counted nothing. */
const standingOf = ({ rates }: State, rules: readonly Rate[]): readonly RateState[] =>
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
const afterTelling = ({ rates, listening }: State, { name, counted }: News): State => ({
  listening,
  rates: rates.map((rate) => {
    if (rate.name !== name) return rate;
    const hasEnded = counted.is_told && counted.ended !== null;
    const fields = hasEnded ? { high: null, ended: null, is_told: false } : { is_told: true };
    return { name, counted: rate.counted.map((each) => (isSame(each, counted) ? { ...each, ...fields } : each)) };
  }),
});

export const createRates = ({ store, counterparts, bus, outcomes, rules, show, log, now }: RatesDeps): Rates => {
  /** Payments of signals under way: only what is new counts, and that is known once they are stored. */
  const underWay = new Map<string, readonly Sighting[]>();
  let tallies = new Map<string, Tally[]>();
  let counted = 0;
  let isActive = true;

  const count = (sighting: Sighting): void => {
    for (const rate of rules().rates) {
      const tally = tallyOf(rate, sighting, now());
      if (!tally || counted >= maxTallies) continue;
      counted += 1;
      const known = tallies.get(rate.name);
      if (known) known.push(tally);
      else tallies.set(rate.name, [tally]);
    }
  };

  bus.on('signal.normalized', ({ signalId, observations }) => {
    if (rules().rates.length === 0) return;
    const payments = observations.filter((each) => each.type === 'sighting' && each.event.kind === 'payment');
    if (payments.length > 0)
      underWay.set(
        signalId,
        payments.filter((each) => each.type === 'sighting'),
      );
  });
  bus.on('signal.processed', ({ signalId, outcomes: all }) => {
    const payments = underWay.get(signalId);
    underWay.delete(signalId);
    const stored = new Set(all.filter(isNew).map(({ eventId }) => eventId));
    for (const sighting of payments ?? []) if (stored.has(sighting.event.event_id)) count(sighting);
  });
  bus.on('stage.failed', ({ signalId }) => underWay.delete(signalId));

  /** Adds what was counted to what all replicas counted. */
  const keep = async (): Promise<State> => {
    const taken = tallies;
    const size = counted;
    tallies = new Map();
    counted = 0;
    try {
      return await store.changeState(stateKey, (stored) => {
        const state = nextState(readState(stored), rules().rates, taken, now());
        return { state, result: state };
      });
    } catch (error) {
      if (size > 0) {
        for (const [name, list] of tallies) taken.set(name, [...(taken.get(name) ?? []), ...list]);
        tallies = taken;
        counted += size;
      }
      throw error;
    }
  };

  /** The alert of a vendor that takes in what begins now: the most serious that somebody was told of. */
  const vendorsAlert = async (): Promise<AlertPlace | null> => {
    const told = (await counterparts.ofVendors()).filter(isTold);
    const [worst] = told.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
    return worst ? { id: worst.alert_id, scope: worst.scope } : null;
  };

  /** Where an event is that ends: it may have joined a vendor's alert. */
  const alertOf = async (eventId: string): Promise<AlertPlace | null> => {
    const found = await store.find(eventId);
    const alertId = found === undefined || found === 'expired' ? null : found.alert_id;
    const detail = alertId === null ? undefined : await store.readAlert(alertId);
    return detail ? { id: detail.alert.alert_id, scope: detail.alert.scope } : null;
  };

  const placed = async (observation: RateObservation): Promise<Observation> => ({
    ...observation,
    alert: observation.type === 'sighting' ? await vendorsAlert() : await alertOf(observation.eventId),
  });

  const tell = async (news: News): Promise<void> => {
    const observations = [await placed(news.observation)];
    const signalId = randomUUID();
    const ended = outcomes.expect(signalId);
    bus.publish('signal.normalized', { signalId, requestId: `rate-${signalId}`, observations });
    const failed = (await ended).find(({ kind }) => kind === 'failed');
    if (failed?.kind === 'failed') throw failed.error;
    await store.changeState(stateKey, (stored) => ({ state: afterTelling(readState(stored), news), result: null }));
  };

  return {
    async run() {
      // Without a rule there is nothing to do, once what an earlier one left has been ended.
      if (rules().rates.length === 0 && !isActive) return;
      try {
        const state = await keep();
        show?.(standingOf(state, rules().rates));
        for (const news of newsOf(state, rules().rates)) await tell(news);
        isActive = state.rates.length > 0;
      } catch (error) {
        log.warn({ error: errorText(error) }, 'rates.not_kept');
      }
    },
  };
};
