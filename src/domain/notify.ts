// Whom an alert is told to, and when: what each destination has been told already, what is new, and what must be closed.
// Level-triggered: it looks at what is true now, so deciding twice, or after a crash, creates nothing twice.
import { type Alert, type Member, openMembers } from './alert.ts';
import {
  cancelUnneeded,
  createDelivery,
  type Delivery,
  type DeliveryReason,
  isUnsent,
  supersede,
  toldSeverity,
} from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { isWorse, type Severity, severities } from './event.ts';
import type { Policy } from './ruling.ts';

/** Whether an event goes to a destination now, and if not, why. */
export type Sending = 'yes' | 'no' | 'held' | 'silenced' | 'test_mode';

export interface NotifyContext {
  readonly policy: Policy;
  readonly nowMs: number;
  readonly requestId: string;
  /** The event whose words changed in this step. */
  readonly wordsOf?: string | undefined;
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

/** Collects the deliveries of one alert as they are added. */
interface Outbox {
  readonly all: () => readonly Delivery[];
  add(
    destination: Pick<DestinationTraits, 'name' | 'target' | 'reachesPeople'>,
    action: Delivery['action'],
    reason: DeliveryReason,
    about: { readonly eventId: string; readonly severity: Severity },
    more?: { readonly eventIds?: readonly string[]; readonly key?: string; readonly firstAttemptMs?: number },
  ): void;
  replace(before: Delivery, after: Delivery): void;
}

const createOutbox = (alert: Alert, { nowMs, requestId }: NotifyContext): Outbox => {
  let deliveries = alert.deliveries;
  return {
    all: () => deliveries,
    add({ name, target, reachesPeople }, action, reason, { eventId, severity }, more = {}) {
      const { eventIds = [eventId], key, firstAttemptMs } = more;
      const delivery = createDelivery(
        {
          alert_id: alert.alert_id,
          event_id: eventId,
          event_ids: eventIds,
          destination: name,
          target,
          reaches_people: reachesPeople,
          action,
          reason,
          severity,
          cycle: alert.cycle,
          ordinal: (deliveries.at(-1)?.ordinal ?? 0) + 1,
          key,
          request_id: requestId,
        },
        nowMs,
        firstAttemptMs,
      );
      deliveries = [...deliveries, delivery];
    },
    replace(before, after) {
      deliveries = deliveries.map((delivery) => (delivery === before ? after : delivery));
    },
  };
};

const aboutOf = ({ event_id: eventId, severity }: Member) => ({ eventId, severity });

const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];

/** Adds an update, together with one that waits and was not tried yet, or after the pause that the destination wants. */
const addUpdate = (
  outbox: Outbox,
  alert: Alert,
  destination: DestinationTraits,
  reason: DeliveryReason,
  members: readonly Member[],
  nowMs: number,
): void => {
  const about = mostSerious(members);
  if (!about) return;
  const { updateEveryMs, target } = destination;
  if (updateEveryMs === null) {
    for (const member of members) outbox.add(destination, 'update', reason, aboutOf(member));
    return;
  }
  const updates = outbox
    .all()
    .filter((each) => each.target === target && each.cycle === alert.cycle && each.action === 'update');
  const ids = members.map(({ event_id: eventId }) => eventId);
  const waiting = updates.find((each) => isUnsent(each) && each.attempts === 0);
  if (waiting) {
    const isLouder = isWorse(about.severity, waiting.severity);
    outbox.replace(waiting, {
      ...waiting,
      event_ids: union(waiting.event_ids, ids),
      ...(isLouder && { event_id: about.event_id, severity: about.severity }),
    });
    return;
  }
  const last = updates.filter(({ status }) => status !== 'superseded').at(-1);
  const firstAttemptMs =
    last === undefined ? nowMs : Math.max(nowMs, Date.parse(last.delivered_at ?? last.created_at) + updateEveryMs);
  outbox.add(destination, 'update', reason, aboutOf(about), { eventIds: ids, firstAttemptMs });
};

/** Incidents that were told, and have become more serious since than when they were told. */
const risenIncidents = (members: readonly Member[], told: readonly Delivery[]): readonly Member[] =>
  members.filter(({ item, event_id: eventId, severity }) => {
    const carried = told.filter(({ event_ids: ids }) => ids.includes(eventId));
    return item === 'incident' && carried.length > 0 && carried.every((each) => isWorse(severity, each.severity));
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

/** What a destination that was told hears of: a rise as another trigger, what joined as an update. */
const tellMore = (
  outbox: Outbox,
  alert: Alert,
  destination: DestinationTraits,
  routable: readonly Member[],
  told: readonly Delivery[],
  { nowMs, wordsOf }: NotifyContext,
): void => {
  const toldIds = new Set(told.flatMap(({ event_ids: ids }) => ids));
  const fresh = routable.filter(({ event_id: eventId }) => !toldIds.has(eventId));
  const worst = mostSerious(routable);
  const toldWorst = toldSeverity(told, destination.target, alert.cycle);
  if (worst && toldWorst !== undefined && isWorse(worst.severity, toldWorst)) {
    const together = destination.updateEveryMs === null ? [worst] : [worst, ...fresh];
    outbox.add(destination, 'trigger', 'louder', aboutOf(worst), {
      eventIds: [...new Set(together.map(({ event_id: id }) => id))],
    });
    if (destination.updateEveryMs === null)
      addUpdate(
        outbox,
        alert,
        destination,
        'joined',
        fresh.filter((member) => member !== worst),
        nowMs,
      );
    return;
  }
  const news = [...fresh, ...risenIncidents(routable, told)];
  if (news.length > 0) addUpdate(outbox, alert, destination, 'joined', news, nowMs);
  else if (destination.showsWords) {
    const changed = alert.members.filter(({ event_id: eventId }) => eventId === wordsOf);
    addUpdate(outbox, alert, destination, 'words', changed, nowMs);
  }
};

const tellOpen = (outbox: Outbox, alert: Alert, destination: DestinationTraits, context: NotifyContext): void => {
  const created = inCycle(alert, destination.target).filter((each) => each.action !== 'resolve');
  const told = created.filter(isTold);
  const isRefused = told.length === 0 && created.some(({ status }) => status === 'failed');
  if (isRefused && !context.retriesFailed) return;
  const routable = openMembers(alert).filter((member) => sendingOf(member, alert, destination, context) === 'yes');
  if (told.length === 0) tellFirst(outbox, alert, destination, routable);
  else if (routable.length === 0 && told.every(isUnsent))
    for (const each of told) outbox.replace(each, supersede(each));
  else tellMore(outbox, alert, destination, routable, told, context);
};

/** A trigger that its destination has not accepted in time, or refused for good, is told by another one as well. */
const tellFallbacks = (outbox: Outbox, alert: Alert, { policy, nowMs }: NotifyContext): void => {
  for (const { target, fallback } of policy.destinations) {
    const other = policy.destinations.find(({ name }) => name === fallback?.to);
    if (!fallback || !other || inCycle(alert, other.target).some(isTold)) continue;
    const trigger = inCycle(alert, target).find(
      ({ action, status }) => action === 'trigger' && status !== 'superseded',
    );
    const isLate =
      trigger?.status === 'failed' ||
      (trigger?.status === 'pending' && Date.parse(trigger.created_at) + fallback.afterMs <= nowMs);
    if (!trigger || !isLate) continue;
    const { event_id: eventId, event_ids: eventIds, severity } = trigger;
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
    const own = inCycle(alert, target);
    const [first] = own.filter((each) => each.action === 'trigger' && isTold(each));
    if (!first || own.some(({ action }) => action === 'resolve')) continue;
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
