// The life of an alert: it opens, eases, ends, and is opened again. Pure; whom to tell of it is notify.ts's.
import { dayMs, minuteMs, toIso } from '../lib/time.ts';
import { type Alert, freshAlert, type Member, type MemberRuling, openedSince, openMembers, worstOf } from './alert.ts';
import { titleOf, withWords } from './alert-members.ts';
import { type Delivery, supersede } from './delivery.ts';
import { isWorse, type Severity } from './event.ts';
import type { HistoryEntry } from './history.ts';

/** How long an alert stays open after it became less serious than what anybody is sent. */
export const easeAfterMs = 30 * minuteMs;
/** After the second reopening within an hour the end waits until all has been well for so long. */
export const wellForMs = 15 * minuteMs;
const reopeningsCountMs = 60 * minuteMs;
const maxReopenings = 10;
/** A payment has no end of its own: after a week its alert is closed, and nobody is told. */
export const paymentEndsAfterMs = 7 * dayMs;

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

/** An alert names so many others. */
export const maxRelated = 20;

/** The alert that names others which an event fitted as well. */
export const withRelated = (alert: Alert, ids: readonly string[]): Alert => ({
  ...alert,
  related: [...new Set([...alert.related, ...ids])].slice(0, maxRelated),
});

const isUnattempted = ({ status, attempts, leased_until: leasedUntil }: Delivery): boolean =>
  status === 'pending' && attempts === 0 && leasedUntil === null;

/** `resolve_after` begins anew. */
const resolvedLater = (ruling: MemberRuling, before: string, nowMs: number): MemberRuling =>
  ruling.resolve_at === null
    ? ruling
    : { ...ruling, resolve_at: toIso(Date.parse(ruling.resolve_at) - Date.parse(before) + nowMs) };

/** An end that nobody was told of is not told any more, and every other one is of an earlier time from now on. */
const beforeReopening = (delivery: Delivery): Delivery => {
  if (delivery.action !== 'resolve' || delivery.was_reopened) return delivery;
  return { ...(isUnattempted(delivery) ? supersede(delivery) : delivery), was_reopened: true };
};

/** The alert opened again: each destination is told anew. */
export const reopen = (alert: Alert, nowMs: number): Alert => ({
  ...alert,
  state: 'open',
  resolved_at: null,
  eased_since: null,
  well_since: null,
  cycle: alert.cycle + 1,
  reopened_at: [...alert.reopened_at, toIso(nowMs)].slice(-maxReopenings),
  members: alert.members.map((member) => ({
    ...member,
    ruling: resolvedLater(member.ruling, openedSince(alert), nowMs),
  })),
  deliveries: alert.deliveries.map(beforeReopening),
});

/** Whether an event ends by rule: its `resolve_after` is over, or it is a payment and a week old. */
export const isOverByRule = (nowMs: number): ((member: Member) => boolean) => {
  // Compared as texts, which all have one form: there may be hundreds of members.
  const [now, aWeekAgo] = [toIso(nowMs), toIso(nowMs - paymentEndsAfterMs)];
  return ({ ruling, kind, joined_at: joinedAt }) =>
    (ruling.resolve_at !== null && ruling.resolve_at <= now) || (kind === 'payment' && joinedAt <= aWeekAgo);
};

const withTimedEnds = (alert: Alert, nowMs: number): { readonly alert: Alert; readonly isSilent: boolean } => {
  const over = openMembers(alert).filter(isOverByRule(nowMs));
  if (over.length === 0) return { alert, isSilent: false };
  const members = alert.members.map((member) =>
    over.includes(member) ? { ...member, ended_at: toIso(Math.max(nowMs, Date.parse(member.started_at))) } : member,
  );
  return { alert: { ...alert, members }, isSilent: over.every(({ ruling }) => ruling.resolve_at === null) };
};

export interface Settled {
  readonly alert: Alert;
  /** Why it ended in this step; null when it did not. `silent`: nobody is told. */
  readonly ended: 'ended' | 'eased' | 'silent' | null;
  readonly history: readonly HistoryEntry[];
}

export interface SettleContext {
  /** How serious any destination was told that the alert is; undefined when nobody was told. */
  readonly told: Severity | undefined;
  /** It became less serious in this step by what the vendor says: never by a window, a silence, a hold or new rules. */
  readonly hasFallen: boolean;
  /** Whether all is at hand that is stored of the alert, and not only the event that something is said of. */
  readonly isWhole: boolean;
  /** See `NotifyContext`. */
  readonly isByHand: boolean;
  readonly nowMs: number;
  readonly requestId: string;
}

const goesOn = (alert: Alert, changes: Partial<Alert>): Settled => ({
  alert: withWords({ ...alert, ...changes }),
  ended: null,
  history: [],
});

const ends = (
  alert: Alert,
  ended: NonNullable<Settled['ended']>,
  reason: string,
  { nowMs, requestId }: SettleContext,
): Settled => {
  const at = toIso(nowMs);
  const { worst, ...last } = withWords(alert);
  return {
    alert: {
      ...last,
      title: titleOf(alert.members) ?? alert.title,
      severity: worst ?? last.severity,
      state: 'resolved',
      resolved_at: at,
      eased_since: null,
      well_since: null,
    },
    ended,
    history: [{ at, change: ended === 'eased' ? 'eased' : 'resolved', request_id: requestId, reason }],
  };
};

/**
 * Whether an alert has to be looked at as a whole now: an event ends by rule, which its record has to say, or those that
 * the alert keeps have ended, but not perhaps those beyond.
 */
export const mustBeWhole = (alert: Alert, nowMs: number): boolean => {
  if (alert.state === 'resolved') return false;
  const open = openMembers(alert);
  return open.some(isOverByRule(nowMs)) || (open.length === 0 && alert.uncounted > 0);
};

/** Decides whether an open alert goes on, eases or ends. */
export const settleState = (before: Alert, context: SettleContext): Settled => {
  if (before.state === 'resolved') return { alert: before, ended: null, history: [] };
  if (mustBeWhole(before, context.nowMs) && !context.isWhole) return goesOn(before, {});
  const { alert, isSilent } = withTimedEnds(before, context.nowMs);
  const open = openMembers(alert);
  if (open.length > 0) return settleOpen(alert, open, context);
  return isSilent
    ? ends(alert, 'silent', 'a week old: closed without telling anybody', context)
    : settleWell(alert, context);
};

/** All of its events have ended. */
const settleWell = (alert: Alert, context: SettleContext): Settled => {
  const { nowMs, isByHand } = context;
  const wellSince = alert.well_since ?? toIso(nowMs);
  const wellSinceMs = Date.parse(wellSince);
  // Counted back from then: an hour that went on during the wait would end it early, whenever somebody looks.
  const recent = alert.reopened_at.filter((time) => Date.parse(time) > wellSinceMs - reopeningsCountMs);
  const mustWait = !isByHand && recent.length >= 2 && nowMs - wellSinceMs < wellForMs;
  return mustWait
    ? goesOn(alert, { well_since: wellSince })
    : ends(alert, 'ended', 'all of its events have ended', context);
};

const settleOpen = (alert: Alert, open: readonly Member[], context: SettleContext): Settled => {
  const { told, hasFallen, nowMs } = context;
  const isSendable = open.some(({ ruling }) => ruling.send.length > 0 || ruling.at_end_of_window.length > 0);
  const worst = worstOf(open) ?? 'info';
  const isPaymentToSend = isSendable && open.some(({ kind }) => kind === 'payment');
  if (told === undefined && worst === 'info' && !isPaymentToSend)
    return ends(alert, 'ended', 'only information is left', context);
  if (isSendable || told === undefined) return goesOn(alert, { well_since: null, eased_since: null });
  if (alert.eased_since !== null && nowMs - Date.parse(alert.eased_since) >= easeAfterMs)
    return ends(alert, 'eased', `the vendor still lists it, as ${worst}: eased for 30 minutes`, context);
  const easedSince = alert.eased_since ?? (hasFallen && isWorse(told, worst) ? toIso(nowMs) : null);
  return goesOn(alert, { well_since: null, eased_since: easedSince });
};

/** When an open alert has to be looked at again though nothing happens, by its own state. */
export const stateWakesAt = (alert: Alert): readonly number[] => {
  const { state, eased_since: eased, well_since: well } = alert;
  if (state === 'resolved') return [];
  const wakes: number[] = [];
  if (eased !== null) wakes.push(Date.parse(eased) + easeAfterMs);
  if (well !== null) wakes.push(Date.parse(well) + wellForMs);
  for (const { ruling, kind, joined_at: joinedAt } of openMembers(alert)) {
    if (ruling.resolve_at !== null) wakes.push(Date.parse(ruling.resolve_at));
    if (kind === 'payment') wakes.push(Date.parse(joinedAt) + paymentEndsAfterMs);
  }
  return wakes;
};
