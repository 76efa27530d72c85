// Whom an alert is told to, and when: what each destination has been told already, what is new, and what must be closed.
// Level-triggered: it looks at what is true now, so deciding twice, or after a crash, creates nothing twice.
import { toIso } from '../lib/time.ts';
import { type Alert, type Member, openMembers, worstOf } from './alert.ts';
import {
  cancelUnneeded,
  type Delivery,
  type DeliveryReason,
  isUnsent,
  sinceLastEnd,
  supersede,
  toldSeverity,
} from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { isWorse, severities } from './event.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { Policy } from './ruling.ts';

/** Whether an event goes to a destination now, and if not, why. */
export type Sending = 'yes' | 'no' | 'held' | 'silenced' | 'test_mode';

export interface NotifyContext {
  readonly policy: Policy;
  readonly nowMs: number;
  readonly requestId: string;
  /** The event whose words changed in this step. */
  readonly wordsOf?: string | undefined;
  /** The incident that became critical in this step. */
  readonly roseOf?: string | undefined;
  /** Whether what was refused for good is tried anew: when the vendor says something new, and not when time passes. */
  readonly retriesFailed: boolean;
}

/** Whether a delivery counts as told: not called off, and not refused for good. */
const isTold = ({ status, may_have_arrived: mayHaveArrived }: Delivery): boolean =>
  mayHaveArrived || (status !== 'failed' && status !== 'superseded');

const inCycle = (alert: Alert, target: string): readonly Delivery[] =>
  alert.deliveries.filter((delivery) => delivery.target === target && delivery.cycle === alert.cycle);

const isOver = (time: string | null, nowMs: number): boolean => time === null || Date.parse(time) <= nowMs;

/** The destinations' names whose events this one tells: its own, and of those that it stands in for. */
const namesFor = (alert: Alert, { name, target }: DestinationTraits, { destinations }: Policy): readonly string[] => {
  const standsIn = inCycle(alert, target).some(({ reason }) => reason === 'fallback');
  if (!standsIn) return [name];
  return [name, ...destinations.filter(({ fallback }) => fallback?.to === name).map((other) => other.name)];
};

export const sendingOf = (
  member: Member,
  alert: Alert,
  destination: DestinationTraits,
  { policy, nowMs }: Pick<NotifyContext, 'policy' | 'nowMs'>,
): Sending => {
  const { ruling } = member;
  const names = namesFor(alert, destination, policy);
  const isLate = ruling.window_ends_at !== null && isOver(ruling.window_ends_at, nowMs);
  const isNamed = names.some(
    (name) => ruling.send.includes(name) || (isLate && ruling.at_end_of_window.includes(name)),
  );
  if (!isNamed) return 'no';
  if (member.test_mode && destination.reachesPeople && !policy.routeTestMode) return 'test_mode';
  if (ruling.silenced_until !== null) return 'silenced';
  const told = toldSeverity(alert.deliveries, destination.target, alert.cycle);
  return told === undefined && !isOver(ruling.hold_until, nowMs) ? 'held' : 'yes';
};

const mostSerious = (members: readonly Member[]): Member | undefined =>
  members.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity))[0];

const aboutOf = ({ event_id: eventId, severity }: Member) => ({ eventId, severity });

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];

const waitingUpdate = (outbox: Outbox, alert: Alert, target: string): Delivery | undefined =>
  outbox
    .all()
    .find(
      (each) =>
        each.target === target &&
        each.cycle === alert.cycle &&
        each.action === 'update' &&
        isUnsent(each) &&
        each.attempts === 0,
    );

/** When the next update may go out: the first at once, and what follows after the pause that the destination wants. */
const nextUpdateMs = (outbox: Outbox, alert: Alert, target: string, pauseMs: number, nowMs: number): number => {
  const last = outbox
    .all()
    .filter((each) => each.target === target && each.cycle === alert.cycle && each.action === 'update')
    .filter(({ status }) => status !== 'superseded')
    .at(-1);
  return last === undefined ? nowMs : Math.max(nowMs, Date.parse(last.delivered_at ?? last.created_at) + pauseMs);
};

/** Adds an update, together with one that waits and was not tried yet. What is urgent keeps no pause. */
const addUpdate = (
  outbox: Outbox,
  alert: Alert,
  destination: DestinationTraits,
  reason: DeliveryReason,
  members: readonly Member[],
  { nowMs, isUrgent = false }: { readonly nowMs: number; readonly isUrgent?: boolean },
): void => {
  const about = mostSerious(members);
  if (!about) return;
  const { updateEveryMs, target } = destination;
  if (updateEveryMs === null) {
    for (const member of members) outbox.add(destination, 'update', reason, aboutOf(member));
    return;
  }
  const ids = members.map(({ event_id: eventId }) => eventId);
  const waiting = waitingUpdate(outbox, alert, target);
  if (!waiting) {
    const firstAttemptMs = isUrgent ? nowMs : nextUpdateMs(outbox, alert, target, updateEveryMs, nowMs);
    outbox.add(destination, 'update', reason, aboutOf(about), { eventIds: ids, firstAttemptMs });
    return;
  }
  const isLouder = isUrgent || isWorse(about.severity, waiting.severity);
  outbox.replace(waiting, {
    ...waiting,
    event_ids: union(waiting.event_ids, ids),
    ...(isLouder && { event_id: about.event_id, severity: about.severity }),
    ...(isUrgent && { next_attempt_at: toIso(nowMs) }),
  });
};

/** Incidents that were told, and have become more serious since than when they were told. */
const risenIncidents = (
  members: readonly Member[],
  told: readonly Delivery[],
  roseOf: string | undefined,
): readonly Member[] =>
  members.filter(({ item, event_id: eventId, severity }) => {
    const carried = told.filter(({ event_ids: ids }) => ids.includes(eventId));
    if (item !== 'incident' || carried.length === 0) return false;
    // A delivery that carries several events has the severity of the worst; of which one, only its own event is known.
    const asSerious = carried.filter((each) => !isWorse(severity, each.severity));
    return asSerious.length === 0 || (eventId === roseOf && asSerious.every((each) => each.event_id !== eventId));
  });

const tellFirst = (outbox: Outbox, alert: Alert, destination: DestinationTraits, routable: readonly Member[]): void => {
  const about = mostSerious(routable);
  if (!about) return;
  const together = destination.updateEveryMs !== null;
  outbox.add(destination, 'trigger', alert.cycle > 1 ? 'reopened' : 'opened', aboutOf(about), {
    eventIds: together
      ? union(
          [about.event_id],
          routable.map(({ event_id: id }) => id),
        )
      : [about.event_id],
  });
  if (together) return;
  for (const member of routable) if (member !== about) outbox.add(destination, 'update', 'joined', aboutOf(member));
};

/** Another trigger, more serious than what was told. It carries what waits, which must not hold it up. */
const tellLouder = (
  outbox: Outbox,
  alert: Alert,
  destination: DestinationTraits,
  worst: Member,
  fresh: readonly Member[],
  nowMs: number,
): void => {
  const others = fresh.filter((member) => member !== worst);
  if (destination.updateEveryMs === null) {
    outbox.add(destination, 'trigger', 'louder', aboutOf(worst));
    addUpdate(outbox, alert, destination, 'joined', others, { nowMs });
    return;
  }
  const waiting = waitingUpdate(outbox, alert, destination.target);
  if (waiting) outbox.replace(waiting, supersede(waiting));
  const ids = others.map(({ event_id: id }) => id);
  outbox.add(destination, 'trigger', 'louder', aboutOf(worst), {
    eventIds: union([worst.event_id, ...(waiting?.event_ids ?? [])], ids),
  });
};

/** What a destination that was told hears of: a rise as another trigger, what joined as an update. */
const tellMore = (
  outbox: Outbox,
  alert: Alert,
  destination: DestinationTraits,
  routable: readonly Member[],
  told: readonly Delivery[],
  { nowMs, wordsOf, roseOf }: NotifyContext,
): void => {
  const toldIds = new Set(told.flatMap(({ event_ids: ids }) => ids));
  const fresh = routable.filter(({ event_id: eventId }) => !toldIds.has(eventId));
  const worst = mostSerious(routable);
  const toldWorst = worstOf(told);
  if (worst && toldWorst !== undefined && isWorse(worst.severity, toldWorst)) {
    tellLouder(outbox, alert, destination, worst, fresh, nowMs);
    return;
  }
  const risen = risenIncidents(routable, told, roseOf);
  const news = [...fresh, ...risen];
  if (news.length > 0) addUpdate(outbox, alert, destination, 'joined', news, { nowMs, isUrgent: risen.length > 0 });
  else if (destination.showsWords && wordsOf !== undefined && toldIds.has(wordsOf)) {
    const changed = alert.members.filter(
      ({ event_id: eventId, ruling }) => eventId === wordsOf && ruling.silenced_until === null,
    );
    addUpdate(outbox, alert, destination, 'words', changed, { nowMs });
  }
};

/**
 * Takes back what was not sent yet of events that do not go there any more: they are silenced, or less serious. Updates
 * whose trigger is taken back go with it. Gives what is left.
 */
const takeBack = (
  outbox: Outbox,
  alert: Alert,
  routable: readonly Member[],
  told: readonly Delivery[],
): readonly Delivery[] => {
  const members = new Map(alert.members.map((member) => [member.event_id, member]));
  const isWanted = (eventId: string, reason: DeliveryReason): boolean => {
    const member = members.get(eventId);
    if (!member) return false;
    if (member.ended_at !== null) return routable.length > 0;
    return reason === 'words' ? member.ruling.silenced_until === null : routable.includes(member);
  };
  const left = told.filter((each) => !isUnsent(each) || each.event_ids.some((id) => isWanted(id, each.reason)));
  const isPointless = left.every((each) => isUnsent(each) && each.action !== 'trigger');
  const kept = isPointless ? [] : left;
  for (const each of told) if (!kept.includes(each)) outbox.replace(each, supersede(each));
  return kept;
};

const tellOpen = (outbox: Outbox, alert: Alert, destination: DestinationTraits, context: NotifyContext): void => {
  const created = inCycle(alert, destination.target).filter((each) => each.action !== 'resolve');
  const isKnown = (each: Delivery): boolean => isTold(each) || (each.status === 'failed' && !context.retriesFailed);
  const hasNone = !created.some(isTold);
  if (hasNone && created.some(isKnown)) return;
  const routable = openMembers(alert).filter((member) => sendingOf(member, alert, destination, context) === 'yes');
  const told = takeBack(outbox, alert, routable, created.filter(isKnown));
  if (told.length === 0) tellFirst(outbox, alert, destination, routable);
  else tellMore(outbox, alert, destination, routable, told, context);
};

/** A trigger that its destination has not accepted in time, or refused for good, is told by another one as well. */
const tellFallbacks = (outbox: Outbox, alert: Alert, { policy, nowMs, retriesFailed }: NotifyContext): void => {
  for (const { target, fallback } of policy.destinations) {
    const other = policy.destinations.find(({ name }) => name === fallback?.to);
    const trigger = inCycle(alert, target)
      .filter(({ action, status }) => action === 'trigger' && status !== 'superseded')
      .at(-1);
    if (!fallback || !other || !trigger) continue;
    const { event_id: eventId, event_ids: eventIds, severity, status, created_at: createdAt } = trigger;
    const isLate = status === 'failed' || (status === 'pending' && Date.parse(createdAt) + fallback.afterMs <= nowMs);
    const covers = (each: Delivery): boolean =>
      (isTold(each) || (each.status === 'failed' && !retriesFailed)) &&
      each.event_ids.includes(eventId) &&
      !isWorse(severity, each.severity);
    if (!isLate || inCycle(alert, other.target).some(covers)) continue;
    outbox.add(other, 'trigger', 'fallback', { eventId, severity }, { eventIds });
  }
};

/** The most ids under which the end of the first look is told; a status page lists at most a few hundred components. */
const maxKeys = 100;

/** Whoever was told, or may have been, is told of the end, whatever the configuration says by now. */
const tellEnd = (outbox: Outbox, alert: Alert, reason: DeliveryReason, { policy }: NotifyContext): void => {
  const opener = alert.members[0];
  if (!opener) return;
  for (const target of new Set(alert.deliveries.map((each) => each.target))) {
    const [first] = sinceLastEnd(alert.deliveries, target).filter(isTold);
    if (!first) continue;
    const { destination: name, reaches_people: reachesPeople } = first;
    const about = { eventId: opener.event_id, severity: alert.severity };
    outbox.add({ name, target, reachesPeople }, 'resolve', reason, about);
    // A restart may have chosen another opener before: PagerDuty ignores a key that it does not know.
    if (!alert.first_look || !policy.forgetsOnRestart || !reachesPeople) continue;
    for (const { event_id: key } of alert.members.slice(1, maxKeys))
      if (key !== alert.alert_id) outbox.add({ name, target, reachesPeople }, 'resolve', reason, about, { key });
  }
};

/** The alert with all deliveries that it needs now. */
export const notify = (alert: Alert, ended: 'ended' | 'eased' | 'silent' | null, context: NotifyContext): Alert => {
  const outbox = createOutbox(alert, context);
  if (alert.state === 'open') {
    for (const destination of context.policy.destinations) tellOpen(outbox, alert, destination, context);
    tellFallbacks(outbox, { ...alert, deliveries: outbox.all() }, context);
  } else if (ended !== null && ended !== 'silent') tellEnd(outbox, alert, ended, context);
  return { ...alert, deliveries: cancelUnneeded(outbox.all()) };
};

/** Whether a hold or a silence of an open event is over, so that the rules have to be asked of it anew. */
export const isHeldTooLong = (alert: Alert, nowMs: number): boolean =>
  openMembers(alert).some(({ ruling: { hold_until: hold, silenced_until: silenced } }) =>
    [hold, silenced].some((time) => time !== null && Date.parse(time) <= nowMs),
  );

/** When a destination has to be asked again: a hold, a silence or a window that ends, a fallback whose time has come. */
export const notifyWakesAt = (alert: Alert, { destinations }: Policy, nowMs: number): readonly number[] => {
  if (alert.state === 'resolved') return [];
  const ends = openMembers(alert).flatMap(({ ruling }) => [
    ruling.hold_until,
    ruling.silenced_until,
    ruling.at_end_of_window.length > 0 ? ruling.window_ends_at : null,
  ]);
  const fallbacks = destinations.flatMap(({ target, fallback }) =>
    fallback === null
      ? []
      : inCycle(alert, target)
          .filter(({ action, status }) => action === 'trigger' && status === 'pending')
          .map(({ created_at: at }) => Date.parse(at) + fallback.afterMs),
  );
  return [...ends.flatMap((time) => (time === null ? [] : [Date.parse(time)])), ...fallbacks].filter(
    (time) => time > nowMs,
  );
};
