// Whether an event of an alert goes to a destination, and what the destination was told of the alert already.
import { hasCome } from '../lib/time.ts';
import { type Alert, type Member, worstOf } from './alert.ts';
import { type Delivery, isTold } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import type { Severity } from './event.ts';
import type { NotifyContext } from './notify-context.ts';
import type { Policy } from './ruling.ts';

/** Whether an event goes to a destination now, and if not, why. */
export type Sending = 'yes' | 'no' | 'held' | 'silenced' | 'test_mode';

export const inCycle = (alert: Alert, target: string): readonly Delivery[] =>
  alert.deliveries.filter((delivery) => delivery.target === target && delivery.cycle === alert.cycle);

/** How serious the alert is, as its present cycle told it to one target, or to any; undefined when nobody was told. */
export const toldSeverity = ({ deliveries, cycle }: Alert, target?: string): Severity | undefined =>
  worstOf(
    deliveries.filter(
      (each) =>
        (target === undefined || each.target === target) &&
        each.cycle === cycle &&
        each.action !== 'resolve' &&
        isTold(each),
    ),
  );

const isOver = (time: string | null, nowMs: number): boolean => time === null || hasCome(time, nowMs);

/** The destinations' names whose events this one tells: its own, and of those that it stands in for. */
const namesFor = (alert: Alert, { name, target }: DestinationTraits, { destinations }: Policy): readonly string[] => {
  const standsIn = inCycle(alert, target).some(({ reason }) => reason === 'fallback');
  if (!standsIn) return [name];
  return [name, ...destinations.filter(({ fallback }) => fallback?.to === name).map((other) => other.name)];
};

/** Asks it of any event of the alert. What depends on the alert alone is found once: both may have hundreds of parts. */
export const createSending = (
  alert: Alert,
  destination: DestinationTraits,
  { policy, nowMs }: Pick<NotifyContext, 'policy' | 'nowMs'>,
): ((member: Member) => Sending) => {
  const names = namesFor(alert, destination, policy);
  const isUntold = toldSeverity(alert, destination.target) === undefined;
  return ({ ruling, test_mode: testMode }) => {
    const isLate = ruling.window_ends_at !== null && isOver(ruling.window_ends_at, nowMs);
    const isNamed = names.some(
      (name) => ruling.send.includes(name) || (isLate && ruling.at_end_of_window.includes(name)),
    );
    if (!isNamed) return 'no';
    if (testMode && destination.reachesPeople && !policy.routeTestMode) return 'test_mode';
    if (ruling.silenced_until !== null) return 'silenced';
    return isUntold && !isOver(ruling.hold_until, nowMs) ? 'held' : 'yes';
  };
};
