// Whether an event of an alert goes to a destination, and what the destination was told of the alert already.
import { hasCome } from '../lib/time.ts';
import { type Alert, type Member, worstOf } from './alert.ts';
import { type Delivery, isTold } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import type { Severity } from './event.ts';
import type { NotifyContext } from './notify-context.ts';
import { isKeptFromPeople } from './ruling.ts';

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
const namesFor = (
  alert: Alert,
  { name, target }: DestinationTraits,
  destinations: readonly DestinationTraits[],
): readonly string[] => {
  const standsIn = inCycle(alert, target).some(({ reason }) => reason === 'fallback');
  if (!standsIn) return [name];
  return [name, ...destinations.filter(({ fallback }) => fallback?.to === name).map((other) => other.name)];
};

/** Whether the rules send the event to one of these, at once or, where the time has come, at the end of a window. */
export const isSentTo = (names: readonly string[], { ruling }: Member, nowMs: number): boolean => {
  const isLate = ruling.window_ends_at !== null && isOver(ruling.window_ends_at, nowMs);
  return names.some((name) => ruling.send.includes(name) || (isLate && ruling.at_end_of_window.includes(name)));
};

/** The same for a destination, which may stand in for others. */
export const isNamed = (
  member: Member,
  alert: Alert,
  destination: DestinationTraits,
  destinations: readonly DestinationTraits[],
  nowMs: number,
): boolean => isSentTo(namesFor(alert, destination, destinations), member, nowMs);

/** Asks it of any event of the alert. What depends on the alert alone is found once: both may have hundreds of parts. */
export const createSending = (
  alert: Alert,
  destination: DestinationTraits,
  { policy, nowMs }: Pick<NotifyContext, 'policy' | 'nowMs'>,
): ((member: Member) => Sending) => {
  const names = namesFor(alert, destination, policy.destinations);
  const isUntold = toldSeverity(alert, destination.target) === undefined;
  return (member) => {
    const { ruling } = member;
    if (!isSentTo(names, member, nowMs)) return 'no';
    if (isKeptFromPeople(member, destination, policy)) return 'test_mode';
    if (ruling.silenced_until !== null) return 'silenced';
    return isUntold && !isOver(ruling.hold_until, nowMs) ? 'held' : 'yes';
  };
};
