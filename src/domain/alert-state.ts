// The life of an alert: it opens, takes in events, eases, ends, and is opened again. Pure; whom to tell of it is
// notify.ts's.
import { toIso } from '../lib/time.ts';
import {
  type Alert,
  freshAlert,
  type Member,
  type MemberRuling,
  maxAffected,
  maxMembers,
  openMembers,
  worstOf,
} from './alert.ts';
import { type Delivery, supersede } from './delivery.ts';
import { isWorse, type Severity, severities } from './event.ts';
import type { EventRecord } from './event-record.ts';
import type { HistoryEntry } from './history.ts';

const minuteMs = 60_000;

/** How long an alert stays open after it became less serious than what anybody is sent. */
export const easeAfterMs = 30 * minuteMs;
/** After the second reopening within an hour the end waits until all has been well for so long. */
export const wellForMs = 15 * minuteMs;
const reopeningsCountMs = 60 * minuteMs;
const maxReopenings = 10;
/** A payment has no end of its own: after a week we close our books, and tell nobody. */
export const paymentEndsAfterMs = 7 * 24 * 60 * minuteMs;

/** What an alert shows of its event beside the title. */
const wordsOfFacts = ({
  status,
  component,
  components = [],
}: EventRecord['facts']): Pick<Member, 'status' | 'affects'> => {
  const affects = (component === undefined ? components : [component]).slice(0, maxAffected);
  return { ...(status !== undefined && { status }), ...(affects.length > 0 && { affects }) };
};

export const memberOf = (
  record: EventRecord,
  ruling: MemberRuling,
  { joinedAt, attracts }: { readonly joinedAt: string; readonly attracts: boolean },
): Member => {
  const { event, facts, traits } = record;
  const endedAt = event.resolved_at;
  return {
    event_id: event.event_id,
    subject: record.subject,
    kind: event.kind,
    item: traits.item,
    title: facts.group === undefined ? event.summary : `${event.summary} (${facts.group})`,
    name: traits.name,
    components: traits.components,
    group: traits.group,
    page_size: traits.pageSize,
    severity: event.severity,
    started_at: event.started_at,
    joined_at: joinedAt,
    ended_at: endedAt,
    test_mode: record.test_mode,
    ...wordsOfFacts(facts),
    attracts,
    ruling,
  };
};

/** The title is that of the most serious event, among equals the incident's, then the oldest. */
const titleOf = (members: readonly Member[]): string | undefined =>
  members.toSorted(
    (a, b) =>
      severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
      Number(b.item === 'incident') - Number(a.item === 'incident'),
  )[0]?.title;

/** The title and the severity follow the open events; those of an alert without any stay as they were. */
const withWords = (alert: Alert): Alert => {
  const open = openMembers(alert);
  return { ...alert, title: titleOf(open) ?? alert.title, severity: worstOf(open) ?? alert.severity };
};

export interface Opening {
  readonly alertId: string;
  readonly source: string;
  readonly scope: string;
  readonly member: Member;
  readonly firstLook: boolean;
  readonly requestId: string;
}

export const openAlert = ({ alertId, source, scope, member, firstLook, requestId }: Opening, nowMs: number): Alert => ({
  ...freshAlert,
  alert_id: alertId,
  source,
  scope,
  title: member.title,
  severity: member.severity,
  state: 'open',
  opened_at: toIso(nowMs),
  members: [member],
  first_look: firstLook,
  request_id: requestId,
});

/**
 * Which member of a full alert makes room: one that has ended, else one that is less serious. The opener stays, for the
 * alert is told by it. Undefined when all are needed more.
 */
const leastNeeded = ([, ...others]: readonly Member[], { severity }: Member): Member | undefined => {
  const ended = others.find(({ ended_at: endedAt }) => endedAt !== null);
  if (ended) return ended;
  const least = others.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity)).at(-1);
  return least && isWorse(severity, least.severity) ? least : undefined;
};

const withOneMore = (alert: Alert, member: Member): Alert => {
  if (alert.members.length < maxMembers) return withWords({ ...alert, members: [...alert.members, member] });
  const least = member.ended_at === null ? leastNeeded(alert.members, member) : undefined;
  if (!least) return alert;
  return withWords({ ...alert, members: [...alert.members.filter((other) => other !== least), member] });
};

/**
 * The alert with the event in it: a new member, or the newest state of a known one.
 * @param isNew whether the event was not yet counted as one of the alert's
 */
export const withMember = (alert: Alert, member: Member, isNew: boolean): Alert => {
  const isKnown = alert.members.some(({ event_id: eventId }) => eventId === member.event_id);
  if (isKnown)
    return withWords({
      ...alert,
      members: alert.members.map((other) => (other.event_id === member.event_id ? member : other)),
    });
  const isBeyond = isNew && alert.members.length >= maxMembers;
  return withOneMore({ ...alert, uncounted: alert.uncounted + (isBeyond ? 1 : 0) }, member);
};

const maxRelated = 20;

/** The alert that names others which an event fitted as well. */
export const withRelated = (alert: Alert, ids: readonly string[]): Alert => ({
  ...alert,
  related: [...new Set([...alert.related, ...ids])].slice(0, maxRelated),
});

const isUnattemptedResolve = ({ action, status, attempts, leased_until: leasedUntil }: Delivery): boolean =>
  action === 'resolve' && status === 'pending' && attempts === 0 && leasedUntil === null;

/** The alert opened again: each destination is told anew, and an end that nobody was told of is not told any more. */
export const reopen = (alert: Alert, nowMs: number): Alert => ({
  ...alert,
  state: 'open',
  resolved_at: null,
  eased_since: null,
  well_since: null,
  cycle: alert.cycle + 1,
  reopened_at: [...alert.reopened_at, toIso(nowMs)].slice(-maxReopenings),
  deliveries: alert.deliveries.map((delivery) => (isUnattemptedResolve(delivery) ? supersede(delivery) : delivery)),
});

/** Ends members by rule: a payment whose `resolve_after` is over, or that is a week old. */
const withTimedEnds = (alert: Alert, nowMs: number): { readonly alert: Alert; readonly isSilent: boolean } => {
  const isOver = ({ ruling, kind, joined_at: joinedAt }: Member): boolean =>
    (ruling.resolve_at !== null && Date.parse(ruling.resolve_at) <= nowMs) ||
    (kind === 'payment' && Date.parse(joinedAt) + paymentEndsAfterMs <= nowMs);
  const over = openMembers(alert).filter(isOver);
  if (over.length === 0) return { alert, isSilent: false };
  const members = alert.members.map((member) =>
    over.includes(member) ? { ...member, ended_at: toIso(Math.max(nowMs, Date.parse(member.started_at))) } : member,
  );
  return { alert: { ...alert, members }, isSilent: over.every(({ ruling }) => ruling.resolve_at === null) };
};

export interface Settled {
  readonly alert: Alert;
  /** Why it ended in this step; null when it did not. `silent`: in our books alone. */
  readonly ended: 'ended' | 'eased' | 'silent' | null;
  readonly history: readonly HistoryEntry[];
}

export interface SettleContext {
  /** How serious any destination was told that the alert is; undefined when nobody was told. */
  readonly told: Severity | undefined;
  /** It became less serious in this step by what the vendor says: never by a window, a silence, a hold or new rules. */
  readonly hasFallen: boolean;
  readonly nowMs: number;
  readonly requestId: string;
}

const entry = (at: string, change: HistoryEntry['change'], requestId: string, reason: string): HistoryEntry => ({
  at,
  change,
  request_id: requestId,
  reason,
});

/** Decides whether an open alert goes on, eases or ends. */
export const settleState = (before: Alert, context: SettleContext): Settled => {
  const { nowMs, requestId } = context;
  if (before.state === 'resolved') return { alert: before, ended: null, history: [] };
  const { alert, isSilent } = withTimedEnds(before, nowMs);
  const at = toIso(nowMs);
  const end = (ended: 'ended' | 'eased' | 'silent', reason: string): Settled => ({
    alert: {
      ...withWords(alert),
      title: titleOf(alert.members) ?? alert.title,
      state: 'resolved',
      resolved_at: at,
      eased_since: null,
      well_since: null,
    },
    ended,
    history: [entry(at, ended === 'eased' ? 'eased' : 'resolved', requestId, reason)],
  });
  const goOn = (changes: Partial<Alert>): Settled => ({
    alert: withWords({ ...alert, ...changes }),
    ended: null,
    history: [],
  });

  const open = openMembers(alert);
  if (open.length === 0) {
    if (isSilent) return end('silent', 'a week old: closed in our books, and nobody is told');
    const wellSince = alert.well_since ?? at;
    const recent = alert.reopened_at.filter((time) => Date.parse(time) > nowMs - reopeningsCountMs);
    const mustWait = recent.length >= 2 && nowMs - Date.parse(wellSince) < wellForMs;
    return mustWait ? goOn({ well_since: wellSince }) : end('ended', 'all of its events have ended');
  }
  return settleOpen(alert, open, context, goOn, end);
};

const settleOpen = (
  alert: Alert,
  open: readonly Member[],
  { told, hasFallen, nowMs }: SettleContext,
  goOn: (changes: Partial<Alert>) => Settled,
  end: (ended: 'ended' | 'eased', reason: string) => Settled,
): Settled => {
  const isSendable = open.some(({ ruling }) => ruling.send.length > 0 || ruling.at_end_of_window.length > 0);
  const worst = worstOf(open) ?? 'info';
  const isPaymentToSend = isSendable && open.some(({ kind }) => kind === 'payment');
  if (told === undefined && worst === 'info' && !isPaymentToSend)
    return end('ended', 'what is left of it is only information');
  if (isSendable || told === undefined) return goOn({ well_since: null, eased_since: null });
  if (alert.eased_since !== null && nowMs - Date.parse(alert.eased_since) >= easeAfterMs)
    return end('eased', `the vendor still lists it, as ${worst}: eased for 30 minutes`);
  const easedSince = alert.eased_since ?? (hasFallen && isWorse(told, worst) ? toIso(nowMs) : null);
  return goOn({ well_since: null, eased_since: easedSince });
};

/** When an open alert has to be looked at again though nothing happens, by its own state. */
export const stateWakesAt = (alert: Alert): readonly number[] => {
  const { state, eased_since: eased, well_since: well } = alert;
  if (state === 'resolved') return [];
  const open = openMembers(alert);
  return [
    ...(eased === null ? [] : [Date.parse(eased) + easeAfterMs]),
    ...(well === null ? [] : [Date.parse(well) + wellForMs]),
    ...open.flatMap(({ ruling }) => (ruling.resolve_at === null ? [] : [Date.parse(ruling.resolve_at)])),
    ...open.flatMap(({ kind, joined_at: at }) => (kind === 'payment' ? [Date.parse(at) + paymentEndsAfterMs] : [])),
  ];
};
