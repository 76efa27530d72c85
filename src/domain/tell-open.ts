// What a destination is told of an alert that is open.
import { type Alert, type Member, openMembers, worstOf } from './alert.ts';
import { type Delivery, type DeliveryReason, isTold, isUnsent, supersede } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { isWorse } from './event.ts';
import type { NotifyContext } from './notify-context.ts';
import type { Outbox } from './outbox.ts';
import { createSending, inCycle } from './sending.ts';
import { aboutOf, addUpdate, mostSerious, union, waitingUpdate } from './updates.ts';

/** Incidents that were told, and have become more serious since than when they were told. */
const risenIncidents = (
  members: readonly Member[],
  told: readonly Delivery[],
  roseOf: string | undefined,
): readonly Member[] =>
  members.filter(({ item, event_id: eventId, severity }) => {
    if (item !== 'incident') return false;
    const carried = told.filter(({ event_ids: ids }) => ids.includes(eventId));
    if (carried.length === 0) return false;
    // A delivery that carries several events has the severity of the worst; of which one, only its own event is known.
    const asSerious = carried.filter((each) => !isWorse(severity, each.severity));
    return asSerious.length === 0 || (eventId === roseOf && asSerious.every((each) => each.event_id !== eventId));
  });

const tellFirst = (outbox: Outbox, alert: Alert, destination: DestinationTraits, routable: readonly Member[]): void => {
  const about = mostSerious(routable);
  if (!about) return;
  const reason = alert.cycle > 1 ? 'reopened' : 'opened';
  if (destination.updateEveryMs !== null) {
    const ids = routable.map(({ event_id: id }) => id);
    outbox.add(destination, 'trigger', reason, aboutOf(about), { eventIds: union([about.event_id], ids) });
    return;
  }
  outbox.add(destination, 'trigger', reason, aboutOf(about));
  for (const member of routable) if (member !== about) outbox.add(destination, 'update', 'joined', aboutOf(member));
};

/** Another trigger, more serious than what was told. It carries what waits, which must not hold it up. */
const tellLouder = (
  outbox: Outbox,
  alert: Alert,
  destination: DestinationTraits,
  worst: Member,
  news: readonly Member[],
  nowMs: number,
): void => {
  const others = news.filter((member) => member !== worst);
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
  const risen = risenIncidents(routable, told, roseOf);
  const news = [...fresh, ...risen];
  const worst = mostSerious(routable);
  const toldWorst = worstOf(told);
  if (worst && toldWorst !== undefined && isWorse(worst.severity, toldWorst)) {
    tellLouder(outbox, alert, destination, worst, news, nowMs);
    return;
  }
  // Also one that was too little for this destination before it rose.
  const isUrgent = risen.length > 0 || fresh.some(({ item, event_id: id }) => item === 'incident' && id === roseOf);
  if (news.length > 0) addUpdate(outbox, alert, destination, 'joined', news, { nowMs, isUrgent });
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

/** The events that go there now. Once one does, no hold there goes on. */
export const routableAt = (alert: Alert, destination: DestinationTraits, context: NotifyContext): readonly Member[] => {
  const sendingOf = createSending(alert, destination, context);
  const open = openMembers(alert).map((member) => ({ member, sending: sendingOf(member) }));
  const isAny = open.some(({ sending }) => sending === 'yes');
  return open.filter(({ sending }) => sending === 'yes' || (isAny && sending === 'held')).map(({ member }) => member);
};

export const tellOpen = (
  outbox: Outbox,
  alert: Alert,
  destination: DestinationTraits,
  context: NotifyContext,
): void => {
  const created = inCycle(alert, destination.target).filter((each) => each.action !== 'resolve');
  const isKnown = (each: Delivery): boolean => isTold(each) || (each.status === 'failed' && !context.retriesFailed);
  const hasNone = !created.some(isTold);
  if (hasNone && created.some(isKnown)) return;
  const routable = routableAt(alert, destination, context);
  const told = takeBack(outbox, alert, routable, created.filter(isKnown));
  if (told.length === 0) tellFirst(outbox, alert, destination, routable);
  else tellMore(outbox, alert, destination, routable, told, context);
};
