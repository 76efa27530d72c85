// The transaction around dedupe, store and route: reads what is stored, runs the stages over one draft, keeps what they
// made of it in one commit, and tells afterwards what happened. The answer to a vendor waits for it.
import { reopenWithinMs } from '../domain/folding.ts';
import { isLongMissed, missedKeyOf } from '../domain/missed.ts';
import { isSendable } from '../domain/needs-alert.ts';
import { eventIdOf, type Observation, type Sighting } from '../domain/observation.ts';
import { type Asked, type Policy, withSeverityOf } from '../domain/ruling.ts';
import { isOfNow, stormKeyOf, stormThreshold, stormWindowMs } from '../domain/storm.ts';
import { toIso } from '../lib/time.ts';
import type { Changes, EventStore, Snapshot, TransactKeys } from '../stores/event-store.ts';
import { announce } from './announce.ts';
import { askSighting } from './ask-sighting.ts';
import type { OnBroken } from './broken-rules.ts';
import type { Bus, DraftBus } from './bus.ts';
import type { Draft } from './draft.ts';
import { createEndGuests } from './end-storm-payments.ts';
import { paymentsOf } from './payments-of.ts';
import type { Stage } from './stage.ts';
import { type CountedStorm, createStormGate } from './storm-gate.ts';
import type { Outcome, Thread } from './topics.ts';

export interface TransactionDeps {
  readonly store: Pick<EventStore, 'transact' | 'stormOf'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly drafts: DraftBus;
  readonly policy: () => Policy;
  readonly now: () => number;
  readonly onBroken: OnBroken;
}

/** Enough of a record to ask the rules before anything is stored. */
const asRecord = ({ event, facts, testMode }: Sighting) => ({
  event,
  facts,
  test_mode: testMode,
});

const changesOf = (draft: Draft): Changes<Draft> => ({
  result: draft,
  event: draft.event,
  rawJson: draft.rawJson,
  eventHistory: draft.eventHistory,
  alerts: draft.alerts,
  paymentsOf: paymentsOf(draft.snapshot.alerts, draft.alerts),
});

/** Thousands of components may go down in one poll; after so many whoever else waits has a turn, whatever the store. */
const portion = 200;

const outcomeOf = (draft: Draft, eventId: string): Outcome =>
  draft.stopped === undefined && draft.change !== undefined
    ? { kind: draft.change, eventId, routed: draft.routed }
    : { kind: draft.stopped ?? 'ignored', eventId, routed: false };

export const createTransactions = (deps: TransactionDeps): Stage<'signal.normalized', 'signal.processed'> => {
  const { store, bus, drafts, policy, now } = deps;
  const endGuests = createEndGuests(deps);
  const gate = createStormGate(stormThreshold + 1);

  /** Undefined for what is not told, or cannot be asked of the rules. */
  const stormKeyIn = (sighting: Sighting, { ruling }: Asked, nowMs: number): string | undefined => {
    const record = asRecord(sighting);
    const by = policy();
    if (!isSendable(record, ruling, by)) return undefined;
    if (isLongMissed(record, sighting.missed, nowMs)) return missedKeyOf(record);
    return stormKeyOf(record, ruling, by.silences, nowMs);
  };

  /** Payments of different objects have no scope in common, so what storms count is read before. */
  const withStorm = <T>(
    observation: Observation,
    nowMs: number,
    asked: Asked | undefined,
    work: (storm: CountedStorm | undefined) => Promise<T>,
  ): Promise<T> => {
    if (!asked || observation.type !== 'sighting' || observation.event.kind !== 'payment') return work(undefined);
    const stormKey = stormKeyIn(observation, asked, nowMs);
    if (stormKey === undefined) return work(undefined);
    return gate.pass(stormKey, () => store.stormOf(stormKey, toIso(nowMs - stormWindowMs)), work);
  };

  const keysOf = (observation: Observation, nowMs: number, storm: CountedStorm | undefined): TransactKeys => {
    const stormy = storm?.newest && isOfNow(storm.newest, nowMs) ? storm.newest : undefined;
    const other = stormy ?? ('alert' in observation ? observation.alert : null);
    const otherId = other && ('alert_id' in other ? other.alert_id : other.id);
    return {
      eventId: eventIdOf(observation),
      scopes: other && other.scope !== observation.scope ? [observation.scope, other.scope] : [observation.scope],
      endedSince: toIso(nowMs - reopenWithinMs),
      ...(otherId && { alertId: otherId }),
      withEndings: storm !== undefined,
      withGuests: observation.type === 'sighting' && (observation.endsTypes ?? []).length > 0,
    };
  };

  /** The draft as it was kept. */
  const decide = (thread: Thread, given: Observation): Promise<Draft> => {
    const nowMs = now();
    const asked = given.type === 'sighting' ? askSighting(given, policy().rules, nowMs) : undefined;
    const observation = asked && given.type === 'sighting' ? withSeverityOf(given, asked.ruling) : given;
    const decideWith =
      (storm: CountedStorm | undefined) =>
      (snapshot: Snapshot): Changes<Draft> =>
        changesOf(
          drafts.run({
            thread,
            observation,
            nowMs,
            asked,
            snapshot,
            stormOpened: storm?.opened,
            eventHistory: [],
            alerts: [],
            routed: false,
          }),
        );
    return withStorm(observation, nowMs, asked, (storm) =>
      store.transact(keysOf(observation, nowMs, storm), decideWith(storm)),
    );
  };

  const transact = async (thread: Thread, observation: Observation): Promise<Outcome> => {
    try {
      const draft = await decide(thread, observation);
      const { nowMs, snapshot } = draft;
      announce(bus, draft);
      if (snapshot.guests.length > 0) await endGuests(thread, keysOf(observation, nowMs, undefined), nowMs);
      return outcomeOf(draft, eventIdOf(observation));
    } catch (error) {
      return { kind: 'failed', eventId: eventIdOf(observation), error, routed: false };
    }
  };

  return {
    name: 'transact',
    input: 'signal.normalized',
    output: 'signal.processed',
    async run({ signalId, requestId, observations }) {
      const thread = { signalId, requestId };
      const outcomes: Outcome[] = [];
      for (let from = 0; from < observations.length; from += portion) {
        if (from > 0) await new Promise(setImmediate);
        const some = observations.slice(from, from + portion);
        outcomes.push(...(await Promise.all(some.map((observation) => transact(thread, observation)))));
      }
      return { ...thread, outcomes };
    },
  };
};
