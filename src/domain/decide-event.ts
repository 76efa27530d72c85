// Which alert an event belongs to once it is stored, if any. Pure, over what a transaction found; what the alert makes of
// it is event-in-alert.ts's.
import { toIso } from '../lib/time.ts';
import type { Alert } from './alert.ts';
import { reopen, withRelated } from './alert-state.ts';
import { endByGoodNews, isEndedAlready } from './ended-by-success.ts';
import { type EventDecision, type EventInput, inAlert, ofItsOwn } from './event-in-alert.ts';
import type { EventRecord } from './event-record.ts';
import { type Candidate, findFold, isTooLate, reopenWithinMs } from './folding.ts';
import type { HistoryEntry } from './history.ts';
import { countMissed, isLongMissed, openMissedAlert } from './missed.ts';
import { isSendable, needsAlert, overBeforeWeKnew, unsentReason } from './needs-alert.ts';
import type { Ruling } from './rules/evaluate.ts';
import { askRules, withRuling } from './ruling.ts';
import type { AlertChange } from './settle-alert.ts';
import { joinStorm, stormAmong, stormKeyOf } from './storm.ts';
import { wasTold } from './them-or-us.ts';

const rulingFor = ({ record, change, asked, policy, nowMs }: EventInput): Ruling =>
  change === 'stored' && asked?.rules === policy.rules ? asked.ruling : askRules(record, policy.rules, nowMs);

/** Decides for one event that is new or has changed. */
export const decideEvent = (given: EventInput): EventDecision => {
  const ruling = rulingFor(given);
  const input = { ...given, record: given.policy.isOutdated ? given.record : withRuling(given.record, ruling) };
  const { record, alerts, endings, policy } = input;
  const own = alerts.find(({ alert_id: alertId }) => alertId === record.alert_id);
  // Those in alerts of other scopes end once it is stored.
  const { alerts: ended } = endByGoodNews(record, alerts, [], input);
  const without = (text: string): EventDecision => {
    // What was sent before has its reason, and its alert has ended since.
    const reason = record.routed ? (record.routing_reason ?? text) : text;
    return { record: { ...record, routing_reason: reason }, alerts: ended, routed: false, reason };
  };

  if (own && (own.state === 'open' || !wantsReopening(input, own, ruling))) return inAlert(input, own, ruling, []);
  if (!needsAlert(record, ruling, policy)) return without(unsentReason(record, ruling, input));
  if (input.missed === 'over' || isEndedAlready(record, endings)) return without(overBeforeWeKnew);
  const decision = placed({ ...input, alerts: latest(alerts, ended) }, own, ruling);
  const changes = merged(ended, decision.alerts);
  return { ...decision, alerts: own ? [...changes, ...left(own, record, decision)] : changes };
};

/** The alerts as an earlier part of this step has left them. */
const latest = (alerts: readonly Alert[], changes: readonly AlertChange[]): readonly Alert[] =>
  alerts.map((alert) => changes.find((change) => change.alert.alert_id === alert.alert_id)?.alert ?? alert);

/** Good news that is told itself ends what it ends all the same. What changed twice is kept as it was left last. */
const merged = (first: readonly AlertChange[], then: readonly AlertChange[]): readonly AlertChange[] => {
  if (first.length === 0) return then;
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

/** Whether it is more than the information, or the end, as which its alert knows it. */
const hasRisen = ({ event }: EventRecord, { members }: Alert): boolean => {
  const known = members.find(({ event_id: id }) => id === event.event_id);
  return event.severity !== 'info' && (known?.severity === 'info' || (known?.ended_at ?? null) !== null);
};

/** Whether an event whose alert has ended asks for one again: it rose to what has one or is sent, or is open again. */
const wantsReopening = ({ record, change, policy }: EventInput, own: Alert, ruling: Ruling): boolean =>
  record.event.resolved_at === null &&
  (change === 'reopened' || change === 'stored' || hasRisen(record, own) || isSendable(record, ruling, policy));

const candidateOf = ({ event, subject, traits }: EventRecord): Candidate => ({
  subject,
  startedAt: event.started_at,
  severity: event.severity,
  traits,
});

/** An open alert of another scope was read for one reason: a vendor reports trouble, and somebody was told lately. */
const isVendors = (alert: Alert, { scope, event }: EventRecord, nowMs: number): boolean =>
  alert.scope !== scope &&
  alert.state === 'open' &&
  wasTold(alert) &&
  !isTooLate({ startedAt: event.started_at, severity: event.severity }, alert, nowMs);

/** Finds the alert that takes the event in, opens it again, or opens one of its own. */
const placed = (input: EventInput, own: Alert | undefined, ruling: Ruling): EventDecision => {
  const { record, alerts, policy, nowMs, requestId, firstLook, missed, stormOpened } = input;
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
  const fold = folds ? findFold(candidateOf(record), candidates, nowMs) : foldOwn(own, nowMs);
  if (fold.how === 'joins')
    return inAlert(input, withRelated(fold.alert, fold.related), ruling, [entry('joined', fold.because)]);
  if (fold.how === 'reopens')
    return inAlert(input, withRelated(reopen(fold.alert, nowMs), fold.related), ruling, [
      entry('reopened', fold.because),
    ]);
  const theirs = record.traits.item === 'rate' ? alerts.find((each) => isVendors(each, record, nowMs)) : undefined;
  if (theirs) return inAlert(input, theirs, ruling, [entry('joined', 'its vendor reports trouble')], false);
  if (isLongMissed(record, missed, nowMs)) return amongMissed(input, ruling, entry);
  const first = folds && firstLook ? alerts.find((alert) => alert.first_look && alert.state === 'open') : undefined;
  if (first)
    return inAlert(input, first, ruling, [entry('joined', 'it was down at the first look at its status page')], false);
  const stormKey = stormKeyOf(record, ruling, policy.silences, nowMs);
  const storm = stormAmong(alerts, stormKey, nowMs, stormOpened);
  const stormy = folds ? joinStorm(storm, nowMs) : undefined;
  if (stormy)
    return inAlert(input, stormy, ruling, [entry('joined', 'many of its kind came within ten minutes')], false);
  return ofItsOwn(input, ruling, entry('opened', 'it belongs to no open alert'), stormKey);
};

const isAfter = (time: string | null, ms: number): boolean => time !== null && Date.parse(time) >= ms;

/** Without folding an event goes on with its own alert, and with no other. */
const foldOwn = (own: Alert | undefined, nowMs: number) =>
  own && isAfter(own.resolved_at, nowMs - reopenWithinMs)
    ? ({ how: 'reopens', alert: own, because: 'it is open again', related: [] } as const)
    : ({ how: 'own' } as const);

/** In the one alert that tells what was missed long ago. */
const amongMissed = (
  input: EventInput,
  ruling: Ruling,
  entry: (change: HistoryEntry['change'], reason: string) => HistoryEntry,
): EventDecision => {
  const { alerts, record, nowMs } = input;
  const reason = 'it happened more than an hour before we knew of it';
  const open = openMissedAlert(alerts, record, nowMs);
  return open
    ? inAlert(input, countMissed(open, record, nowMs), ruling, [entry('joined', reason)], false)
    : ofItsOwn(input, ruling, entry('opened', reason), null);
};
