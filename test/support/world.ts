// The core without I/O: the real stages over a few maps, a clock that a test moves, and destinations that remember what
// they were sent. For tables and properties over what people are told.
import type { Alert } from '../../src/domain/alert.ts';
import { decideAlert } from '../../src/domain/decide-alert.ts';
import { beginAttempt, type Delivery, finishAttempt, isDue, longestWaitMs } from '../../src/domain/delivery.ts';
import type { DestinationTraits } from '../../src/domain/destination-traits.ts';
import { type EventRecord, isOpen } from '../../src/domain/event-record.ts';
import { reopenWithinMs } from '../../src/domain/folding.ts';
import { eventIdOf, type Observation } from '../../src/domain/observation.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { type Policy, withRuledSeverity } from '../../src/domain/ruling.ts';
import type { AlertChange } from '../../src/domain/settle-alert.ts';
import { toIso } from '../../src/lib/time.ts';
import { createDraftBus } from '../../src/pipeline/bus.ts';
import { dedupe } from '../../src/pipeline/dedupe.ts';
import { createRoute } from '../../src/pipeline/route.ts';
import { store as storeStage } from '../../src/pipeline/store.ts';
import type { Snapshot } from '../../src/stores/event-store.ts';

export const aDestination = (overrides: Partial<DestinationTraits> = {}): DestinationTraits => ({
  name: 'pagerduty',
  target: `target-of-${overrides.name ?? 'pagerduty'}`,
  reachesPeople: true,
  showsWords: false,
  updateEveryMs: 300_000,
  fallback: null,
  ...overrides,
});

export const aPolicy = (overrides: Partial<Policy> = {}): Policy => {
  const destinations = overrides.destinations ?? [aDestination()];
  return {
    rules: environmentRules({ routeWarning: false, destinations: destinations.map(({ name }) => name) }),
    silences: [],
    destinations,
    routeTestMode: false,
    routeWarning: false,
    forgetsOnRestart: false,
    ...overrides,
  };
};

/** One request that a destination got. */
export interface Sent {
  readonly at: string;
  readonly to: string;
  readonly action: Delivery['action'];
  readonly reason: Delivery['reason'];
  readonly alertId: string;
  readonly eventIds: readonly string[];
  readonly severity: Delivery['severity'];
}

export type Answer = 'delivered' | 'transient' | 'permanent' | 'unknown';

const limits = { retryMs: longestWaitMs, leaseMs: longestWaitMs };

export const createWorld = (initial: Policy = aPolicy(), startAt = '2026-03-01T12:00:00.000Z') => {
  let policy = initial;
  let nowMs = Date.parse(startAt);
  const events = new Map<string, EventRecord>();
  const alerts = new Map<string, Alert>();
  const sent: Sent[] = [];
  let answer: (delivery: Delivery) => Answer = () => 'delivered';
  const broken: unknown[] = [];
  const drafts = createDraftBus();
  drafts.subscribe(dedupe);
  drafts.subscribe(storeStage);
  drafts.subscribe(
    createRoute(
      () => policy,
      (_draft, error) => broken.push(error),
    ),
  );

  const keep = (changes: readonly AlertChange[]): void => {
    for (const { alert } of changes) alerts.set(alert.alert_id, alert);
    for (const { alert } of changes) {
      if (!alert.members.some(({ kind }) => kind === 'payment')) continue;
      for (const [id, record] of events)
        if (record.alert_id === alert.alert_id && record.event.kind === 'payment')
          events.set(id, { ...record, alert_is_open: alert.state === 'open' });
    }
  };

  const snapshotOf = (observation: Observation): Snapshot => ({
    event: events.get(eventIdOf(observation)),
    alerts: [...alerts.values()].filter(
      ({ scope, state, resolved_at: end }) =>
        scope === observation.scope &&
        (state === 'open' || (end !== null && Date.parse(end) >= nowMs - reopenWithinMs)),
    ),
    members: [],
    endings: [...events.values()].filter(
      ({ scope, ends_types: types }) => scope === observation.scope && types !== undefined,
    ),
  });

  /** Sends what is due, until nothing is: to whom, and what came back, is remembered. */
  const deliver = (): void => {
    for (let again = true; again; ) {
      again = false;
      for (const alert of [...alerts.values()]) {
        const due = alert.deliveries.find((each) => isDue(each, alert.deliveries, nowMs, limits));
        if (!due) continue;
        again = true;
        const begun = beginAttempt(alert.deliveries, due.id, nowMs, nowMs + 60_000, limits);
        const outcome = answer(due);
        sent.push({
          at: toIso(nowMs),
          to: due.destination,
          action: due.action,
          reason: due.reason,
          alertId: due.key ?? alert.alert_id,
          eventIds: due.event_ids,
          severity: due.severity,
        });
        const { deliveries } = finishAttempt(begun.deliveries, due.id, {
          startedAt: toIso(nowMs),
          outcome,
          statusCode: null,
          error: outcome === 'delivered' ? null : outcome,
          endedMs: nowMs,
          nextAttemptMs: outcome === 'permanent' ? null : nowMs + 60_000,
        });
        alerts.set(alert.alert_id, { ...alert, deliveries });
      }
    }
  };

  const wake = (cause: 'time' | 'rules' = 'time', alertId?: string): void => {
    for (const alert of [...alerts.values()]) {
      const isTime = alert.wake_at !== null && Date.parse(alert.wake_at) <= nowMs;
      if (alertId === undefined ? cause === 'time' && !isTime : alertId !== alert.alert_id) continue;
      const members = alert.members.flatMap(({ event_id: id, ended_at: end }) => {
        const record = events.get(id);
        return record && end === null ? [record] : [];
      });
      const decided = decideAlert({ alert, members, cause, policy, nowMs, requestId: 'req-wake' });
      for (const record of decided.events) events.set(record.event.event_id, record);
      keep([decided]);
    }
  };

  const settle = (): void => {
    wake();
    deliver();
  };

  return {
    sent,
    broken,
    now: () => toIso(nowMs),
    alerts: () => [...alerts.values()],
    alert: (id: string) => alerts.get(id),
    event: (id: string) => events.get(id),
    allEvents: () => [...events.values()],
    openEvents: () => [...events.values()].filter(isOpen),
    /** What was sent, as `action alert [events]`. */
    told: (to = 'pagerduty') =>
      sent
        .filter((each) => each.to === to)
        .map(({ action, alertId, severity }) => `${action} ${alertId}${action === 'resolve' ? '' : ` ${severity}`}`),
    answerWith(next: (delivery: Delivery) => Answer) {
      answer = next;
    },
    setPolicy(next: Policy) {
      policy = next;
      wake('rules');
      settle();
    },
    /** Looks at one alert again, as after a silence that was made or ended. */
    look: (alertId: string) => {
      wake('time', alertId);
      deliver();
    },
    /** Moves the clock, minute by minute, waking and delivering on the way. */
    pass(minutes: number) {
      for (let minute = 0; minute < minutes; minute++) {
        nowMs += 60_000;
        settle();
      }
    },
    /** Does what the time asks for, and sends what is due. */
    settle,
    /** Sets the clock at once, as one that is put right. */
    step(ms: number) {
      nowMs += ms;
    },
    /** Makes one observation, and sends what is due. */
    observe(...observations: readonly Observation[]) {
      for (const given of observations) {
        const observation = given.type === 'sighting' ? withRuledSeverity(given, policy.rules, nowMs) : given;
        const draft = drafts.run({
          thread: { signalId: 's', requestId: 'req' },
          observation,
          nowMs,
          snapshot: snapshotOf(observation),
          stormOpened: undefined,
          eventHistory: [],
          alerts: [],
          routed: false,
        });
        if (draft.event) events.set(draft.event.event.event_id, draft.event);
        keep(draft.alerts);
      }
      settle();
    },
  };
};

export type World = ReturnType<typeof createWorld>;
