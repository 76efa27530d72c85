// What becomes of an alert when its time has come, or when the rules have changed. Pure, over what a transaction found.
import { hasCome, toIso } from '../lib/time.ts';
import { type Alert, type Member, type MemberRuling, openMembers } from './alert.ts';
import { memberOf, refill, withPast } from './alert-members.ts';
import { isOverByRule, reopen } from './alert-state.ts';
import { isEndedAlready } from './ended-by-success.ts';
import { carriersOf, isWaiting } from './event-in-alert.ts';
import type { EventRecord } from './event-record.ts';
import type { HistoryEntry } from './history.ts';
import { closeByRule } from './lifecycle.ts';
import type { NotifyContext } from './notify-context.ts';
import { routingReason } from './routing-reason.ts';
import { askRules, rulingOf, withEndedWindow, withRuling, withSilence } from './ruling.ts';
import { type AlertChange, type Moment, settleAlert } from './settle-alert.ts';

export interface AlertInput extends Moment {
  readonly alert: Alert;
  /** The records of its events that have not ended. */
  readonly members: readonly EventRecord[];
  /** Good news that is stored already. It has ended its payments, but not those of the first version, which knew none. */
  readonly endings: readonly EventRecord[];
  /** `time`: a hold, a silence or a wait may be over. `rules`: new rules, which are asked of every event. */
  readonly cause: 'time' | 'rules';
}

export interface AlertDecision extends AlertChange {
  /** Those of its events that changed. */
  readonly events: readonly EventRecord[];
}

/** Whether what held an event back may be over, so that the routes are asked again. */
const wasHeldBack = ({ hold_until: hold, silenced_until: silenced }: MemberRuling, nowMs: number): boolean =>
  hasCome(hold, nowMs) || silenced !== null;

/** What was said of an event before. New rules are asked whom they would tell at the end of a window that has ended. */
const owedTo = (member: Member, record: EventRecord, { alert, cause, policy }: AlertInput): MemberRuling => {
  const { ruling } = member;
  if (cause === 'time' || ruling.window_ends_at === null) return ruling;
  const { atEndOfWindow } = askRules(record, policy.rules, Date.parse(ruling.window_ends_at) - 1);
  return { ...ruling, at_end_of_window: isWaiting(member, alert) ? atEndOfWindow : [] };
};

/** An alert that has ended while the vendor goes on, as less, is opened again when new rules send what is left of it. */
const reopenIfSent = (alert: Alert, nowMs: number): Alert =>
  alert.state === 'resolved' && openMembers(alert).some(({ ruling }) => ruling.send.length > 0)
    ? reopen(alert, nowMs)
    : alert;

/**
 * Decides for an alert whose time has come, or for which the rules have changed. New rules are asked of every event that
 * goes on, even if its alert has ended because it became less serious.
 */
export const decideAlert = (input: AlertInput): AlertDecision => {
  const { alert: before, members: records, endings, policy, nowMs, requestId, cause } = input;
  const byId = new Map(records.map((record) => [record.event.event_id, record]));
  const ruled = new Map<string, EventRecord>();
  const asked = before.members.map((member) => {
    const record = byId.get(member.event_id);
    if (!record || member.ended_at !== null) return member;
    if (!(cause === 'rules' || wasHeldBack(member.ruling, nowMs)))
      return { ...member, ruling: withSilence(member.ruling, record, policy, before.alert_id, nowMs) };
    const ruling = askRules(record, policy.rules, nowMs);
    const next = policy.isOutdated ? record : withRuling(record, ruling);
    if (next !== record) ruled.set(member.event_id, next);
    const said = rulingOf(next, ruling, policy, before.alert_id, before, nowMs);
    const given = memberOf(next, withEndedWindow(said, owedTo(member, next, input), nowMs), {
      joinedAt: member.joined_at,
      attracts: member.attracts,
    });
    // New rules rate it anew from its beginning; what it was before its vendor, or the hour, changed it stays.
    const { was } = member;
    return cause === 'time' ? withPast(given, member, toIso(nowMs)) : { ...given, ...(was && { was }) };
  });
  const isOver = isOverByRule(nowMs);
  const members = asked.map((member) => {
    const record = byId.get(member.event_id);
    // What a rule ends may end without telling anybody.
    if (!record || member.ended_at !== null || isOver(member) || !isEndedAlready(record, endings)) return member;
    return { ...member, ended_at: toIso(nowMs) };
  });
  const context: NotifyContext = { policy, nowMs, requestId, retriesFailed: false, isNews: false };
  const given = refilled(reopenIfSent({ ...before, members }, nowMs), input);
  const { alert, history } = settleAlert(before, given, context, false);
  const reopened = given.cycle === before.cycle ? [] : [reopening(input)];
  const endedByRule = endedBetween(given, alert);
  const events = records.flatMap((record) => {
    const { event_id: id } = record.event;
    const after = followed(ruled.get(id) ?? record, before, alert, context);
    const kept = endedByRule.has(id) ? closeByRule(after, toIso(nowMs)) : after;
    return kept === record ? [] : [kept];
  });
  // A payment has no end of its own.
  const closed = records.flatMap(({ event: { event_id: id }, traits }) =>
    endedByRule.has(id) && traits.item !== 'payment' ? [id] : [],
  );
  return {
    alert,
    history: [
      ...severityChanges(records, ruled, input),
      ...reopened,
      ...resolvedEntries(
        endedBetween(before, given),
        'it is well again: a later event that is stored already says so',
        input,
      ),
      ...resolvedEntries(closed, 'resolved by resolve_after, though its vendor may still list it', input),
      ...history,
    ],
    events,
  };
};

const reopening = ({ nowMs, requestId }: AlertInput): HistoryEntry => ({
  at: toIso(nowMs),
  change: 'reopened',
  request_id: requestId,
  reason: 'new rules send what its vendor still lists',
});

/** An alert that keeps no open event goes on with those that it had no room for. */
const refilled = (alert: Alert, { members: records, policy, nowMs }: AlertInput): Alert => {
  if (alert.state === 'resolved' || alert.uncounted === 0 || openMembers(alert).length > 0) return alert;
  const kept = new Set(alert.members.map(({ event_id: id }) => id));
  const uncounted = records
    .filter(({ event }) => !kept.has(event.event_id))
    .map((record) =>
      memberOf(record, rulingOf(record, askRules(record, policy.rules, nowMs), policy, alert.alert_id, alert, nowMs), {
        joinedAt: record.first_seen_at,
        attracts: record.alert_scope === undefined && !alert.first_look,
      }),
    );
  return refill(alert, uncounted);
};

/** The ids of the events that were open before and are not after. */
const endedBetween = (before: Alert, after: Alert): ReadonlySet<string> => {
  const open = new Set(openMembers(after).map(({ event_id: id }) => id));
  return new Set(openMembers(before).flatMap(({ event_id: id }) => (open.has(id) ? [] : [id])));
};

const resolvedEntries = (
  eventIds: Iterable<string>,
  reason: string,
  { nowMs, requestId }: AlertInput,
): readonly HistoryEntry[] =>
  [...eventIds].map((eventId) => ({
    at: toIso(nowMs),
    change: 'resolved',
    request_id: requestId,
    event_id: eventId,
    reason,
  }));

/** What new rules made of the severities of the alert's events. */
const severityChanges = (
  records: readonly EventRecord[],
  ruled: ReadonlyMap<string, EventRecord>,
  { nowMs, requestId }: AlertInput,
): readonly HistoryEntry[] =>
  records.flatMap(({ event: { event_id, severity: old } }) => {
    const severity = ruled.get(event_id)?.event.severity ?? old;
    if (severity === old) return [];
    const fields = { severity: { old, new: severity } };
    return [{ at: toIso(nowMs), change: 'updated', request_id: requestId, event_id, reason: 'new rules', fields }];
  });

/** Whether something else than before keeps an event back: a hold or a window is over, a silence began or is over. */
const waitsAnew = (before: Member | undefined, { ended_at: end, ruling: now }: Member, nowMs: number): boolean =>
  before !== undefined &&
  end === null &&
  (before.ruling.hold_until !== now.hold_until ||
    before.ruling.silenced_until !== now.silenced_until ||
    (now.at_end_of_window.length > 0 && hasCome(now.window_ends_at, nowMs)));

/** The record of an event with what its alert's decision says of it. */
const followed = (record: EventRecord, before: Alert, after: Alert, context: NotifyContext): EventRecord => {
  const { event_id: eventId } = record.event;
  const member = after.members.find((each) => each.event_id === eventId);
  if (!member) return record;
  const carriers = carriersOf(after, eventId);
  const isSent = carriers.length > 0;
  const isNew = after.deliveries !== before.deliveries || isSent !== record.routed;
  const known = before.members.find((each) => each.event_id === eventId);
  // What was retried may be accepted now, where it was refused before.
  const isRetried = carriers.some(({ retried_at: retriedAt }) => retriedAt !== undefined);
  const isUndecided = record.routing_reason === null;
  if (!isNew && !isRetried && !isUndecided && !waitsAnew(known, member, context.nowMs)) return record;
  const reason = routingReason({ before: before.deliveries, after, member }, context);
  const routed = record.routed || isSent;
  return reason === record.routing_reason && routed === record.routed
    ? record
    : { ...record, routed, routing_reason: reason };
};
