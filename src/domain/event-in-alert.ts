// An event in the alert that takes it in, or that it opens: who is told, and what the event's record says of it.
import { toIso } from '../lib/time.ts';
import type { Alert, Member } from './alert.ts';
import { memberOf, withMember, withPast } from './alert-members.ts';
import { openAlert, withRelated } from './alert-state.ts';
import type { Delivery } from './delivery.ts';
import { isWorse } from './event.ts';
import type { EventRecord } from './event-record.ts';
import type { HistoryEntry } from './history.ts';
import type { EventChange } from './lifecycle.ts';
import { countMissed, heldForOthers } from './missed.ts';
import { isHeldTooLong } from './notify.ts';
import type { NotifyContext } from './notify-context.ts';
import type { Sighting } from './observation.ts';
import { routingReason } from './routing-reason.ts';
import type { Ruling } from './rules/evaluate.ts';
import { type Asked, rulingOf, withEndedWindow } from './ruling.ts';
import { type AlertChange, type Moment, settleAlert } from './settle-alert.ts';

export interface EventInput extends Moment {
  /** The event as it is from now on. */
  readonly record: EventRecord;
  readonly change: EventChange;
  /** Nothing has changed that a message shows. */
  readonly looksTheSame?: boolean;
  /** Those of the event's scope that are open or ended within `reopenWithinMs`, its own, and the storm's. */
  readonly alerts: readonly Alert[];
  /** Good news that is stored already; see `Sighting.endsTypes`. */
  readonly endings: readonly EventRecord[];
  /** How many alerts of its kind were told lately beyond the event's scope, where they were counted; see storm.ts. */
  readonly stormOpened?: number | undefined;
  readonly firstLook: boolean;
  readonly missed?: Sighting['missed'];
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

/**
 * The event opens an alert of its own.
 * @param stormKey by which storms of its kind are counted; null when the alert waits for others that were missed with it
 */
export const ofItsOwn = (
  input: EventInput,
  ruling: Ruling,
  entry: HistoryEntry,
  stormKey: string | null,
): EventDecision => {
  const { record, policy, nowMs, requestId, firstLook } = input;
  const { event_id: eventId, source } = record.event;
  const number = record.alerts_opened + 1;
  const alertId = number === 1 ? eventId : `${eventId}#${number}`;
  const joinedAt = toIso(nowMs);
  const asked = rulingOf(record, ruling, policy, alertId, undefined, nowMs);
  const isMissed = stormKey === null;
  const memberRuling = isMissed ? heldForOthers(asked, joinedAt, nowMs) : asked;
  const alert = openAlert(
    {
      alertId,
      source,
      scope: record.scope,
      member: memberOf(record, memberRuling, { joinedAt, attracts: true }),
      firstLook: firstLook && policy.rules.fold === 'outage',
      requestId,
    },
    nowMs,
  );
  const opened = { ...input, record: { ...record, alerts_opened: number } };
  return isMissed
    ? decided(opened, alert, countMissed(alert, record, nowMs), [entry])
    : decided(opened, alert, alert, [entry], stormKey);
};

/** Whether something kept the event back until now, or a notification of it is still to be sent, perhaps once more. */
export const isWaiting = ({ event_id: eventId, ruling }: Member, { deliveries }: Alert): boolean =>
  ruling.hold_until !== null ||
  ruling.silenced_until !== null ||
  deliveries.some(({ status, event_ids: ids }) => status === 'pending' && ids.includes(eventId));

/** Whether it is told when a hold, a window or a silence is over: many of these at once are a storm as well. */
const isToBeTold = ({ ruling }: Member): boolean =>
  ruling.at_end_of_window.length > 0 ||
  (ruling.send.length > 0 && (ruling.silenced_until !== null || ruling.hold_until !== null));

/** The event as a member of an alert that is there already. */
export const inAlert = (
  input: EventInput,
  alert: Alert,
  ruling: Ruling,
  history: readonly HistoryEntry[],
  attracts = true,
): EventDecision => {
  const { record, policy, nowMs } = input;
  const known = alert.members.find(({ event_id: eventId }) => eventId === record.event.event_id);
  const now = rulingOf(record, ruling, policy, alert.alert_id, alert, nowMs);
  const asked = known && isWaiting(known, alert) ? withEndedWindow(now, known.ruling, nowMs) : now;
  const given = memberOf(record, alert.missed ? heldForOthers(asked, alert.opened_at, nowMs) : asked, {
    joinedAt: known?.joined_at ?? toIso(nowMs),
    attracts: known?.attracts ?? attracts,
  });
  const member = withPast(given, known, toIso(nowMs));
  const before = input.alerts.find(({ alert_id: alertId }) => alertId === alert.alert_id) ?? alert;
  return decided(input, before, withMember(alert, member, record.alert_id !== alert.alert_id), history);
};

/** An incident that became critical, which is told at once wherever it was told as less. */
const roseOf = ({ record: { event } }: EventInput, before: Alert): string | undefined => {
  const known = before.members.find(({ event_id: eventId }) => eventId === event.event_id);
  return known && event.severity === 'critical' && isWorse(event.severity, known.severity) ? event.event_id : undefined;
};

/** The event, where its words may have changed: a new title, phase or text. */
const wordsOf = ({ record, change, looksTheSame }: EventInput): string | undefined =>
  (change === 'updated' || change === 'revised') && !looksTheSame ? record.event.event_id : undefined;

/** The ids of the events that were handed to a destination in this step, by a new delivery or by one that waits. */
const newlyCarried = (before: Alert, after: Alert): readonly string[] => {
  const known = new Map(before.deliveries.map((delivery) => [delivery.id, delivery]));
  return after.deliveries
    .filter((delivery) => delivery.action !== 'resolve' && delivery !== known.get(delivery.id))
    .flatMap(({ id, event_ids: ids }) => {
      const carriedBefore = new Set(known.get(id)?.event_ids);
      return ids.filter((eventId) => !carriedBefore.has(eventId));
    });
};

/** What tells a destination of the event, be it by the decision about another event of its alert. */
export const carriersOf = ({ deliveries }: Alert, eventId: string): readonly Delivery[] =>
  deliveries.filter(({ action, event_ids: ids }) => action !== 'resolve' && ids.includes(eventId));

const withoutScope = ({ alert_scope: _scope, ...kept }: EventRecord): EventRecord => kept;

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
    isByHand: input.change === 'resolved' && record.closed_by_hand !== null,
    isNews: record.event.resolved_at === null,
  };
  const change = settleAlert(before, after, context, true);
  const { event_id: eventId } = record.event;
  const carried = newlyCarried(before, change.alert);
  const routed = carried.includes(eventId);
  const carriesOthers = carried.some((id) => id !== eventId);
  const alert: Alert = {
    ...change.alert,
    ...(stormKey !== null && (carried.length > 0 || after.members.some(isToBeTold)) && { storm_key: stormKey }),
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
  const kept = record.alert_scope === undefined ? record : withoutScope(record);
  return {
    record: {
      ...kept,
      ...(alert.scope !== record.scope && { alert_scope: alert.scope }),
      alert_id: alert.alert_id,
      alert_is_open: isPayment && alert.state === 'open',
      routed: record.routed || carriersOf(alert, eventId).length > 0,
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
    .map((other) => ({ alert: withRelated(other, [alertId]), history: [] }));
