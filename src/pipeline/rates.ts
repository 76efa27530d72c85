// Counts how payments end, for the rate rules. What was counted is added to a state that all replicas share, so that a
// restart goes on with it; what of it is too high, or no more, is published as any other observation.
import { randomUUID } from 'node:crypto';
import { mostSeriousFirst } from '../domain/event.ts';
import { isRecord } from '../domain/event-record.ts';
import type { AlertPlace, Observation, Sighting } from '../domain/observation.ts';
import { type Tally, tallyOf } from '../domain/rates.ts';
import type { Rules } from '../domain/rules/rules.ts';
import { wasTold } from '../domain/them-or-us.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import { readAlertPlace } from '../stores/alert-place.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Bus } from './bus.ts';
import type { Counterparts } from './counterparts.ts';
import { createPublishObservations } from './publish-observations.ts';
import {
  afterTelling,
  nextState,
  type RateObservation,
  type RateStanding,
  type RatesState,
  readState,
  standingOf,
  type Untold,
  untoldOf,
} from './rates-state.ts';
import type { SignalOutcomes } from './signal-outcome.ts';
import type { Outcome } from './topics.ts';

export interface RatesDeps {
  readonly store: Pick<EventStore, 'changeState' | 'find' | 'readAlert' | 'sharedClock'>;
  readonly counterparts: Pick<Counterparts, 'ofVendors'>;
  readonly bus: Pick<Bus, 'publish' | 'on'>;
  readonly outcomes: Pick<SignalOutcomes, 'expect'>;
  readonly rules: () => Pick<Rules, 'rates'>;
  /** Is told how the rates stand, at each run. */
  readonly show: (rates: readonly RateStanding[]) => void;
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

const isNew = ({ kind }: Outcome): boolean => kind === 'stored';

export const createRates = ({ store, counterparts, bus, outcomes, rules, show, log, now }: RatesDeps): Rates => {
  /** Payments of signals under way: only what is new counts, and that is known once they are stored. */
  const underWay = new Map<string, readonly Sighting[]>();
  let tallies = new Map<string, Tally[]>();
  let counted = 0;
  let isActive = true;
  /** What one replica counted lies ahead for another whose clock is behind, and would be dropped there: all go by one. */
  let clock = now;
  const publishObservations = createPublishObservations(bus, outcomes);
  const fault = createFaultLog(log, { failed: 'rates.not_kept', over: 'rates.kept_again', level: 'warn' });

  const count = (sighting: Sighting): void => {
    for (const rate of rules().rates) {
      const tally = tallyOf(rate, sighting, clock());
      if (!tally || counted >= maxTallies) continue;
      counted += 1;
      const known = tallies.get(rate.name);
      if (known) known.push(tally);
      else tallies.set(rate.name, [tally]);
    }
  };

  bus.on('signal.normalized', ({ signalId, observations }) => {
    if (rules().rates.length === 0) return;
    const payments = observations.flatMap((each) =>
      each.type === 'sighting' && each.event.kind === 'payment' ? [each] : [],
    );
    if (payments.length > 0) underWay.set(signalId, payments);
  });
  bus.on('signal.processed', ({ signalId, outcomes: all }) => {
    const payments = underWay.get(signalId);
    if (!payments) return;
    underWay.delete(signalId);
    const stored = new Set(all.filter(isNew).map(({ eventId }) => eventId));
    for (const sighting of payments) if (stored.has(sighting.event.event_id)) count(sighting);
  });
  bus.on('stage.failed', ({ signalId }) => underWay.delete(signalId));

  /** Adds what was counted to what all replicas counted. */
  const keep = async (): Promise<RatesState> => {
    clock = (await store.sharedClock()) ?? now;
    const taken = tallies;
    const size = counted;
    tallies = new Map();
    counted = 0;
    try {
      return await store.changeState(stateKey, (stored) => {
        const state = nextState(readState(stored), rules().rates, taken, clock());
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
    const told = (await counterparts.ofVendors()).filter(wasTold);
    const [worst] = told.toSorted(mostSeriousFirst);
    return worst ? { id: worst.alert_id, scope: worst.scope } : null;
  };

  /** Where an event is that ends: it may have joined a vendor's alert. */
  const alertOf = async (eventId: string): Promise<AlertPlace | null> => {
    const found = await store.find(eventId);
    return readAlertPlace(store, isRecord(found) ? found.alert_id : null);
  };

  const placed = async (observation: RateObservation): Promise<Observation> => ({
    ...observation,
    alert: observation.type === 'sighting' ? await vendorsAlert() : await alertOf(observation.eventId),
  });

  const tell = async (untold: Untold): Promise<void> => {
    await publishObservations([await placed(untold.observation)], `rate-${randomUUID()}`);
    await store.changeState(stateKey, (stored) => ({ state: afterTelling(readState(stored), untold), result: null }));
  };

  return {
    async run() {
      // Without a rule there is nothing to do, once what an earlier one left has been ended.
      if (rules().rates.length === 0 && !isActive) return;
      try {
        const state = await keep();
        show(standingOf(state, rules().rates));
        for (const untold of untoldOf(state, rules().rates)) await tell(untold);
        isActive = state.rates.length > 0;
        fault.worked();
      } catch (error) {
        fault.failed(error);
      }
    },
  };
};
