// The core without I/O: the real stages over a few maps, a clock that a test moves, and destinations that remember what
// they were sent. For tables and properties over what people are told.
import { type Alert, maxMembers, openMembers } from '../../src/domain/alert.ts';
import { beginAttempt, finishAttempt } from '../../src/domain/attempt.ts';
import { decideAlert } from '../../src/domain/decide-alert.ts';
import { type Delivery, isDue, longestWaitMs } from '../../src/domain/delivery.ts';
import type { DestinationTraits } from '../../src/domain/destination-traits.ts';
import { endByGoodNews } from '../../src/domain/ended-by-success.ts';
import { type EventRecord, holdsOpen, isGuest, isOpen } from '../../src/domain/event-record.ts';
import { reopenWithinMs } from '../../src/domain/folding.ts';
import type { HistoryEntry } from '../../src/domain/history.ts';
import { isSendable } from '../../src/domain/needs-alert.ts';
import { eventIdOf, type Observation } from '../../src/domain/observation.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import type { Silence } from '../../src/domain/rules/silences.ts';
import { askOfSighting, askRules, type Policy, withSeverityOf } from '../../src/domain/ruling.ts';
import type { AlertChange } from '../../src/domain/settle-alert.ts';
import { stormKeyOf, stormWindowMs } from '../../src/domain/storm.ts';
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
  hasKeys: true,
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
  readonly cycle: number;
  readonly outcome: Answer;
}

/** `lost`: the process died in its attempt. */
export type Answer = 'delivered' | 'transient' | 'permanent' | 'unknown' | 'lost';

const limits = { retryMs: longestWaitMs, leaseMs: longestWaitMs };
const minuteMs = 60_000;

const wantsFallback = (policy: Policy, { status, action, target }: Delivery): boolean =>
  status === 'failed' &&
  action === 'trigger' &&
  policy.destinations.some((each) => each.target === target && each.fallback !== null);

/** What a world has come to. What it holds is replaced, and never changed. */
interface Past {
  readonly events: ReadonlyMap<string, EventRecord>;
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly histories: ReadonlyMap<string, readonly HistoryEntry[]>;
  readonly sent: readonly Sent[];
}

const nothingYet: Past = { events: new Map(), alerts: new Map(), histories: new Map(), sent: [] };

export const createWorld = (
  initial: Policy = aPolicy(),
  startAt = '2026-03-01T12:00:00.000Z',
  past: Past = nothingYet,
) => {
  let policy = initial;
  let nowMs = Date.parse(startAt);
  const events = new Map(past.events);
  const alerts = new Map(past.alerts);
  const histories = new Map(past.histories);
  const sent = [...past.sent];
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

  const keepPayments = ({ alert_id: alertId, state }: Alert): void => {
    for (const [id, record] of events)
      if (record.alert_id === alertId && record.event.kind === 'payment')
        events.set(id, { ...record, alert_is_open: state === 'open' });
  };

  const keep = (changes: readonly AlertChange[]): void => {
    for (const { alert, history } of changes) {
      histories.set(alert.alert_id, [...(histories.get(alert.alert_id) ?? []), ...history]);
      alerts.set(alert.alert_id, alert);
      if (alert.members.some(({ kind }) => kind === 'payment')) keepPayments(alert);
    }
  };

  const isRecent = ({ state, resolved_at: end }: Alert): boolean =>
    state === 'open' || (end !== null && Date.parse(end) >= nowMs - reopenWithinMs);

  /** As the stores read them: the event's own one too, however long ago it ended. */
  const alertsOf = (scopes: readonly (string | undefined)[], ownId: string | null = null): readonly Alert[] =>
    [...alerts.values()].filter(
      (alert) => scopes.includes(alert.scope) && (isRecent(alert) || alert.alert_id === ownId),
    );

  /** How many alerts of its kind were told lately, as the store counts them for a payment that could be sent. */
  const stormOf = (observation: Observation) => {
    if (observation.type !== 'sighting' || observation.event.kind !== 'payment') return undefined;
    const record = { event: observation.event, facts: observation.facts, test_mode: observation.testMode };
    const ruling = askRules(record, policy.rules, nowMs);
    if (!isSendable(record, ruling, policy)) return undefined;
    const key = stormKeyOf(record, ruling, policy.silences, nowMs);
    const ofKind = [...alerts.values()].filter((alert) => alert.storm_key === key);
    const opened = ofKind.filter(({ opened_at: at }) => Date.parse(at) >= nowMs - stormWindowMs).length;
    return { opened, newest: ofKind.at(-1) };
  };

  const guestsOf = (observation: Observation): readonly EventRecord[] => {
    const isGood = observation.type === 'sighting' && (observation.endsTypes ?? []).length > 0;
    return isGood ? [...events.values()].filter((each) => each.scope === observation.scope && isGuest(each)) : [];
  };

  const endingsOf = (own: string): readonly EventRecord[] =>
    [...events.values()].filter(({ scope, ends_types: types }) => scope === own && types !== undefined);

  const snapshotOf = (observation: Observation, stormScope: string | undefined): Snapshot => {
    const other = observation.type === 'manual_resolve' ? observation.alert?.scope : undefined;
    const event = events.get(eventIdOf(observation));
    return {
      event,
      alerts: alertsOf([observation.scope, stormScope, other], event?.alert_id),
      members: [],
      endings: endingsOf(observation.scope),
      guests: guestsOf(observation),
    };
  };

  const endGuests = (news: EventRecord, guests: readonly EventRecord[]): void => {
    const ofGuests = alertsOf(guests.map(({ alert_scope: scope }) => scope));
    const { alerts: changes, recovered } = endByGoodNews(news, ofGuests, guests, { policy, nowMs, requestId: 'req' });
    for (const record of recovered) events.set(record.event.event_id, record);
    keep(changes);
  };

  const attempt = (alert: Alert, due: Delivery): void => {
    const begun = beginAttempt(alert.deliveries, due.id, nowMs, nowMs + minuteMs, limits);
    alerts.set(alert.alert_id, { ...alert, deliveries: begun.deliveries });
    if (!begun.begun) return;
    const outcome = answer(due);
    sent.push({
      at: toIso(nowMs),
      to: due.destination,
      action: due.action,
      reason: due.reason,
      alertId: due.key ?? alert.alert_id,
      eventIds: due.event_ids,
      severity: due.severity,
      cycle: due.cycle,
      outcome,
    });
    if (outcome === 'lost') return;
    const { deliveries } = finishAttempt(begun.deliveries, due.id, {
      startedAt: toIso(nowMs),
      outcome,
      statusCode: null,
      error: outcome === 'delivered' ? null : outcome,
      endedMs: nowMs,
      nextAttemptMs: outcome === 'permanent' ? null : nowMs + minuteMs,
    });
    const after = deliveries.find(({ id }) => id === due.id);
    const wakes = after !== undefined && wantsFallback(policy, after);
    alerts.set(alert.alert_id, { ...alert, deliveries, ...(wakes && { wake_at: toIso(nowMs) }) });
  };

  /** Sends one delivery of each alert that is due. Tells whether there was any. */
  const deliverOnce = (): boolean => {
    let any = false;
    for (const alert of [...alerts.values()]) {
      const due = alert.deliveries.find((each) => isDue(each, alert.deliveries, nowMs, limits));
      if (!due) continue;
      any = true;
      attempt(alert, due);
    }
    return any;
  };

  const look = (alert: Alert, cause: 'time' | 'rules'): void => {
    const members = [...events.values()]
      .filter((record) => record.alert_id === alert.alert_id && holdsOpen(record))
      .slice(0, maxMembers);
    const endings = endingsOf(alert.scope);
    const decided = decideAlert({ alert, members, endings, cause, policy, nowMs, requestId: 'req-wake' });
    for (const record of decided.events) events.set(record.event.event_id, record);
    keep([decided]);
  };

  /** Looks at what is open, as a load of rules or a new silence does: an alert, or an event whose alert has eased. */
  const lookAtOpen = (cause: 'time' | 'rules'): void => {
    for (const alert of [...alerts.values()])
      if (alert.state === 'open' || (cause === 'rules' && openMembers(alert).length > 0)) look(alert, cause);
  };

  const wake = (): boolean => {
    const due = [...alerts.values()].filter(({ wake_at: at }) => at !== null && Date.parse(at) <= nowMs);
    for (const alert of due) look(alert, 'time');
    return due.length > 0;
  };

  const settle = (): void => {
    for (let turns = 0; turns < 1000; turns++) {
      const woke = wake();
      if (!deliverOnce() && !woke) return;
    }
    throw new Error('there is always something to do: a decision asks for itself again');
  };

  const observeOne = (given: Observation): void => {
    const observation =
      given.type === 'sighting' ? withSeverityOf(given, askOfSighting(given, policy.rules, nowMs).ruling) : given;
    const storm = stormOf(observation);
    const draft = drafts.run({
      thread: { signalId: 's', requestId: 'req' },
      observation,
      nowMs,
      snapshot: snapshotOf(observation, storm?.newest?.scope),
      stormOpened: storm?.opened,
      eventHistory: [],
      alerts: [],
      routed: false,
    });
    if (draft.event) events.set(draft.event.event.event_id, draft.event);
    keep(draft.alerts);
    if (draft.event) endGuests(draft.event, draft.snapshot.guests);
  };

  return {
    past: (): Past => ({ events, alerts, histories, sent }),
    sent,
    /** Of alerts, by id. */
    histories,
    broken,
    now: () => toIso(nowMs),
    policy: () => policy,
    alerts: () => [...alerts.values()],
    alert: (id: string) => alerts.get(id),
    event: (id: string) => events.get(id),
    allEvents: () => [...events.values()],
    openEvents: () => [...events.values()].filter(isOpen),
    /** What was sent, as `action alert severity`. */
    told: (to = 'pagerduty') =>
      sent
        .filter((each) => each.to === to)
        .map(({ action, alertId, severity }) => `${action} ${alertId}${action === 'resolve' ? '' : ` ${severity}`}`),
    answerWith(next: (delivery: Delivery) => Answer) {
      answer = next;
    },
    /** Loads other rules. */
    setPolicy(next: Policy) {
      policy = next;
      lookAtOpen('rules');
      settle();
    },
    /** Makes silences, or ends them. */
    setSilences(silences: readonly Silence[]) {
      policy = { ...policy, silences };
      lookAtOpen('time');
      settle();
    },
    /** Moves the clock, minute by minute, waking and delivering on the way. */
    pass(minutes: number) {
      for (let minute = 0; minute < minutes; minute++) {
        nowMs += minuteMs;
        settle();
      }
    },
    /** Does what the time asks for, and sends what is due. */
    settle,
    /** Sets the clock at once, as one that is put right. */
    step(ms: number) {
      nowMs += ms;
    },
    /** Makes observations one after the other, and sends what is due. */
    observe(...observations: readonly Observation[]) {
      for (const observation of observations) observeOne(observation);
      settle();
    },
  };
};

export type World = ReturnType<typeof createWorld>;

/** Worlds that begin alike, where that takes long: it happens once, and each goes on from there by itself. */
export const worldsThat = (begin: () => World): (() => World) => {
  let begun: World | undefined;
  return () => {
    begun ??= begin();
    return createWorld(begun.policy(), begun.now(), begun.past());
  };
};
