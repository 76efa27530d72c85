// A destination that stands in for one that does not answer.
import type { Alert } from './alert.ts';
import { type Delivery, isTold } from './delivery.ts';
import { type DestinationTraits, standInOf } from './destination-traits.ts';
import { isWorse, type Severity } from './event.ts';
import type { NotifyContext } from './notify-context.ts';
import type { Outbox } from './outbox.ts';
import { inCycle, isSentTo, toldSeverity } from './sending.ts';
import { routableAt, tellOpen } from './tell-open.ts';
import { mostSerious, union } from './updates.ts';

const isLate = ({ status, created_at: createdAt }: Delivery, afterMs: number, nowMs: number): boolean =>
  status === 'failed' || (status === 'pending' && Date.parse(createdAt) + afterMs <= nowMs);

/** The trigger that somebody else has to tell: the first of those that wait, for a rise begins no new wait. */
const lateTrigger = ({ target }: DestinationTraits, alert: Alert, afterMs: number, nowMs: number) => {
  const triggers = inCycle(alert, target).filter(({ action }) => action === 'trigger');
  const lastTold = triggers.findLastIndex(({ status }) => status === 'delivered');
  return triggers.slice(lastTold + 1).find((each) => isLate(each, afterMs, nowMs));
};

/** Whether a delivery tells of an event, as serious as it is now. */
const tells = ({ event_ids: ids, severity: told }: Delivery, eventId: string, severity: Severity): boolean =>
  ids.includes(eventId) && !isWorse(severity, told);

/** A trigger that its destination has not accepted in time, or refused for good, is told by another one as well. */
export const tellFallbacks = (outbox: Outbox, alert: Alert, context: NotifyContext): void => {
  const { policy, nowMs, retriesFailed } = context;
  for (const destination of policy.destinations) {
    const { fallback } = destination;
    const other = standInOf(destination, policy.destinations);
    const trigger = fallback && lateTrigger(destination, alert, fallback.afterMs, nowMs);
    if (!other || !trigger) continue;
    // What it tells for another one goes no further.
    const routable = routableAt(alert, destination, context).filter((each) =>
      isSentTo([destination.name], each, nowMs),
    );
    const own = inCycle(alert, other.target).filter(
      (each) => each.action !== 'resolve' && (isTold(each) || (each.status === 'failed' && !retriesFailed)),
    );
    // What a route of its own has told it is told there already, but perhaps not all that the trigger carries.
    const untold = routable.filter(({ event_id: id, severity }) => !own.some((each) => tells(each, id, severity)));
    const about = untold.find(({ event_id: id }) => id === trigger.event_id) ?? mostSerious(untold);
    if (!about) continue;
    const { event_id: eventId, severity } = about;
    const told = toldSeverity(alert, other.target);
    const action = told === undefined || isWorse(severity, told) ? 'trigger' : 'update';
    const others = other.updateEveryMs === null ? [] : untold.map(({ event_id: id }) => id);
    outbox.add(other, action, 'fallback', { eventId, severity }, { eventIds: union([eventId], others) });
    tellOpen(outbox, { ...alert, deliveries: outbox.all() }, other, context);
  }
};
