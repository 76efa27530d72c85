// Updates of one alert at one destination, gathered so that nobody gets more of them than the destination wants.
import { toIso } from '../lib/time.ts';
import type { Alert, Member } from './alert.ts';
import { type Delivery, type DeliveryReason, isUnsent } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { isWorse, mostSeriousFirst } from './event.ts';
import type { Outbox } from './outbox.ts';

export const mostSerious = (members: readonly Member[]): Member | undefined => members.toSorted(mostSeriousFirst)[0];

export const aboutOf = ({ event_id: eventId, severity }: Member) => ({ eventId, severity });

export const union = (a: readonly string[], b: readonly string[]): readonly string[] => [...new Set([...a, ...b])];

export const waitingUpdate = (outbox: Outbox, alert: Alert, target: string): Delivery | undefined =>
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
export const addUpdate = (
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
