// What becomes of an event once it is stored: which alert takes it in, and who is told. Pure, over what a transaction
// found.
import { toIso } from '../lib/time.ts';
import type { Alert } from './alert.ts';
import { memberOf, openAlert, reopen, withMember } from './alert-state.ts';
import { isWorse } from './event.ts';
import type { EventRecord } from './event-record.ts';
import { type Candidate, findFold, reopenWithinMs } from './folding.ts';
import { endByGoodNews, isEndedAlready } from './good-news.ts';
import type { HistoryEntry } from './history.ts';
import type { EventChange } from './lifecycle.ts';
import { isSendable, needsAlert, unsentReason } from './needs-alert.ts';
import { isHeldTooLong } from './notify.ts';
import type { NotifyContext } from './notify-context.ts';
import { routingReason } from './routing-reason.ts';
import type { Ruling } from './rules/evaluate.ts';
import { type Asked, askRules, rulingOf, withRuling } from './ruling.ts';
import { type AlertChange, type Moment, newDeliveries, settleAlert } from './settle-alert.ts';
import { joinStorm, stormAmong, stormKeyOf } from './storm.ts';

export interface EventInput extends Moment {
  /** The event as it is from now on. */
  readonly record: EventRecord;
  readonly change: EventChange;
  /** Those of the event's scope that are open or ended within `reopenWithinMs`, its own, and the storm's. */
  readonly alerts: readonly Alert[];
  /** Good news that is stored already; see `Sighting.endsTypes`. */
  readonly endings: readonly EventRecord[];
  /** How many alerts of its kind were told lately beyond the event's scope, where they were counted; see storm.ts. */
  readonly stormOpened?: number | undefined;
  readonly firstLook: boolean;
  /** What the rules said of the sighting, so that they are asked once for an event that is new. */
  readonly asked?: Asked | undefined;
}

export interface EventDecision {
  readonly record: EventRecord;
  readonly alerts: readonly AlertChange[];
  /** The event was newly handed to a destination. */
  readonly routed: boolean;
  readonly reason: string;
}

const rulingFor = ({ record, change, asked, policy, nowMs }: EventInput): Ruling =>
  change === 'stored' && asked?.rules === policy.rules ? asked.ruling : askRules(record, policy.rules, nowMs);

/** Decides for one event that is new or has changed. */
export const decideEvent = (given: EventInput): EventDecision => {
  const ruling = rulingFor(given);
  const input = { ...given, record: given.policy.isOutdated ? given.record : withRuling(given.record, ruling) };
  const { record, alerts, endings, change, policy } = input;
  const own = alerts.find(({ alert_id: alertId }) => alertId === record.alert_id);
  const ended = endByGoodNews(record, alerts, input);
  const without = (text: string): EventDecision => {
    // What was sent before has its reason, and its alert has ended since.
    const reason = record.routed ? (record.routing_reason ?? text) : text;
    return { record: { ...record, routing_reason: reason }, alerts: ended, routed: false, reason };
  };

  if (own && (own.state === 'open' || !wantsReopening(input, ruling))) return inAlert(input, own, ruling, []);
  if (!needsAlert(record, ruling, policy)) return without(unsentReason(record, ruling, change, policy));
  if (isEndedAlready(record, endings)) return without('Not sent: over before we knew.');
  const decision = placed({ ...input, alerts: latest(alerts, ended) }, own, ruling);
  const changes = merged(ended, decision.alerts);
  return { ...decision, alerts: own ? [...changes, ...left(own, record, decision)] : changes };
};

/** The alerts as an earlier part of this step has left them. */
const latest = (alerts: readonly Alert[], changes: readonly AlertChange[]): readonly Alert[] =>
  alerts.map((alert) => changes.find((change) => change.alert.alert_id === alert.alert_id)?.alert ?? alert);

/** Good news that is told itself ends what it ends all the same. What changed twice is kept as it was left last. */
const merged = (first: readonly AlertChange[], then: readonly AlertChange[]): readonly AlertChange[] => {
  const isOf = (a: AlertChange, b: AlertChange): boolean => a.alert.alert_id === b.alert.alert_id;
  return [
    ...first.filter((change) => !then.some((other) => isOf(change, other))),
    ...then.map((change) => ({
      ...change,
      history: [...(first.find((other) => isOf(change, other))?.history ?? []), ...change.history],
    })),
  ];
};

/** An alert that has ended keeps no event open that went over to another one: it would never end again. */
const left = (own: Alert, { event }: EventRecord, { record }: EventDecision): readonly AlertChange[] => {
  if (record.alert_id === own.alert_id) return [];
  const members = own.members.map((member) =>
    member.event_id === event.event_id && member.ended_at === null ? { ...member, ended_at: own.resolved_at } : member,
  );
  return [{ alert: { ...own, members }, history: [] }];
};

/** Whether an event whose alert has ended asks for one again: it rose to what is sent, or is open again. */
const wantsReopening = ({ record, change, policy }: EventInput, ruling: Ruling): boolean =>
  record.event.resolved_at === null &&
  (change === 'reopened' || change === 'stored' || isSendable(record, ruling, policy));

const candidateOf = ({ event, subject, traits }: EventRecord): Candidate => ({
  subject,
  startedAt: event.started_at,
  severity: event.severity,
  traits,
});

/** Finds the alert that takes the event in, opens it again, or opens one of its own. */
const placed = (input: EventInput, own: Alert | undefined, ruling: Ruling): EventDecision => {
  const { record, alerts, policy, nowMs, requestId, firstLook, stormOpened } = input;
  const at = toIso(nowMs);
  const entry = (change: HistoryEntry['change'], reason: string): HistoryEntry => ({
    at,
    change,
    request_id: requestId,
    event_id: record.event.event_id,
    reason,
  });
  const folds = policy.rules.fold === 'outage';
  const candidates = alerts.filter(
    ({ scope, state, resolved_at: end, alert_id: id }) =>
      (scope === record.scope || id === own?.alert_id) && (state === 'open' || isAfter(end, nowMs - reopenWithinMs)),
  );
  const fold = folds ? findFold(candidateOf(record), candidates) : foldOwn(own, nowMs);
  if (fold.how === 'joins')
    return inAlert(input, related(fold.alert, fold.related), ruling, [entry('joined', fold.because)]);
  if (fold.how === 'reopens')
    return inAlert(input, related(reopen(fold.alert, nowMs), fold.related), ruling, [entry('reopened', fold.because)]);
  const first = folds && firstLook ? alerts.find((alert) => alert.first_look && alert.state === 'open') : undefined;
  if (first)
    return inAlert(input, first, ruling, [entry('joined', 'it was down at the first look at its status page')], false);
  const storm = stormAmong(alerts, stormKeyOf(record, ruling), nowMs, stormOpened);
  const stormy = folds ? joinStorm(storm, nowMs) : undefined;
  if (stormy)
    return inAlert(input, stormy, ruling, [entry('joined', 'many of its kind were told within ten minutes')], false);
  return ofItsOwn(input, ruling, entry('opened', 'it belongs to no open alert'));
};

const isAfter = (time: string | null, ms: number): boolean => time !== null && Date.parse(time) >= ms;

/** Without folding an event goes on with its own alert, and with no other. */
const foldOwn = (own: Alert | undefined, nowMs: number) =>
  own && isAfter(own.resolved_at, nowMs - reopenWithinMs)
    ? ({ how: 'reopens', alert: own, because: 'it is open again', related: [] } as const)
    : ({ how: 'own' } as const);

const maxRelated = 20;
const related = (alert: Alert, ids: readonly string[]): Alert => ({
  ...alert,
  related: [...new Set([...alert.related, ...ids])].slice(0, maxRelated),
});

const ofItsOwn = (input: EventInput, ruling: Ruling, entry: HistoryEntry): EventDecision => {
  const { record, policy, nowMs, requestId, firstLook } = input;
  const { event_id: eventId, source } = record.event;
  const number = record.alerts_opened + 1;
  const alertId = number === 1 ? eventId : `${eventId}#${number}`;
  const joinedAt = toIso(nowMs);
  const memberRuling = rulingOf(record, ruling, policy, alertId, joinedAt, nowMs);
  const alert = openAlert(
    {
      alertId,
      source,
      scope: record.scope,
      member: memberOf(record, memberRuling, { joinedAt, attracts: true }),
      related: [],
      firstLook: firstLook && policy.rules.fold === 'outage',
      requestId,
    },
    nowMs,
  );
  const opened = { ...input, record: { ...record, alerts_opened: number } };
  return decided(opened, alert, { ...alert, deliveries: [] }, [entry], stormKeyOf(record, ruling));
};

/** The event as a member of an alert that is there already. */
const inAlert = (
  input: EventInput,
  alert: Alert,
  ruling: Ruling,
  history: readonly HistoryEntry[],
  attracts = true,
): EventDecision => {
  const { record, policy, nowMs } = input;
  const known = alert.members.find(({ event_id: eventId }) => eventId === record.event.event_id);
  const heldSince = alert.members[0]?.joined_at ?? alert.opened_at;
  const member = memberOf(record, rulingOf(record, ruling, policy, alert.alert_id, heldSince, nowMs), {
    joinedAt: known?.joined_at ?? toIso(nowMs),
    attracts: known?.attracts ?? attracts,
  });
  const before = input.alerts.find(({ alert_id: alertId }) => alertId === alert.alert_id) ?? alert;
  return decided(input, before, withMember(alert, member, record.alert_id !== alert.alert_id), history);
};

/** An incident that became critical, which is told at once wherever it was told as less. */
const roseOf = ({ record: { event } }: EventInput, before: Alert): string | undefined => {
  const known = before.members.find(({ event_id: eventId }) => eventId === event.event_id);
  return known && event.severity === 'critical' && isWorse(event.severity, known.severity) ? event.event_id : undefined;
};

/** The event, where its words may have changed: a new title, phase or text. */
const wordsOf = ({ record, change }: EventInput): string | undefined =>
  change === 'updated' || change === 'revised' ? record.event.event_id : undefined;

/** The ids of the events that were handed to a destination in this step, by a new delivery or by one that waits. */
const newlyCarried = (before: Alert, after: Alert): readonly string[] => {
  const known = new Map(before.deliveries.map(({ id, event_ids: ids }) => [id, ids]));
  return after.deliveries
    .filter(({ action }) => action !== 'resolve')
    .flatMap(({ id, event_ids: ids }) => ids.filter((eventId) => !known.get(id)?.includes(eventId)));
};

const decided = (
  input: EventInput,
  before: Alert,
  after: Alert,
  history: readonly HistoryEntry[],
  stormKey: string | null = null,
): EventDecision => {
  const { record, policy, nowMs, requestId } = input;
  const context: NotifyContext = {
    policy,
    nowMs,
    requestId,
    wordsOf: wordsOf(input),
    roseOf: roseOf(input, before),
    retriesFailed: true,
  };
  const change = settleAlert(before, after, context, true);
  const { event_id: eventId } = record.event;
  const fresh = newDeliveries(before, change.alert).filter(({ action }) => action !== 'resolve');
  const carried = newlyCarried(before, change.alert);
  const routed = carried.includes(eventId);
  const carriesOthers = carried.some((id) => id !== eventId);
  const alert: Alert = {
    ...change.alert,
    ...(stormKey !== null && fresh.length > 0 && { storm_key: stormKey }),
    // The others' own records say whether they were sent, and what held them back may be over: both are seen to as soon
    // as this is stored.
    ...((carriesOthers || (change.alert.state === 'open' && isHeldTooLong(change.alert, nowMs))) && {
      wake_at: toIso(nowMs),
    }),
  };
  const member = alert.members.find((each) => each.event_id === eventId);
  const reason = member
    ? routingReason({ before: before.deliveries, after: alert, member }, context)
    : `Not sent by itself: the alert ${alert.alert_id} has too many events to name each.`;
  const isPayment = record.event.kind === 'payment';
  return {
    record: {
      ...record,
      alert_id: alert.alert_id,
      alert_is_open: isPayment && alert.state === 'open',
      routed: record.routed || routed,
      routing_reason: reason,
    },
    alerts: [{ alert, history: [...history, ...change.history] }, ...mentioned(input.alerts, alert)],
    routed,
    reason,
  };
};

/** The other alerts that the event fitted name this one too. */
const mentioned = (alerts: readonly Alert[], { alert_id: alertId, related: ids }: Alert): readonly AlertChange[] =>
  alerts
    .filter((other) => ids.includes(other.alert_id) && !other.related.includes(alertId))
    .map((other) => ({ alert: related(other, [alertId]), history: [] }));
