// The destinations as they are configured now. One that a new configuration leaves out is kept for the resolves of what it
// was told, until the process ends.
import type { Delivery } from '../domain/delivery.ts';
import { type CheckedDestination, checkDestination } from './check-destination.ts';
import type { Destination } from './destination.ts';

export interface Destinations {
  current(): readonly Destination[];
  /** Those that an earlier configuration had, for resolves only. */
  dropped(): readonly Destination[];
  /** Takes the place of the current ones; gives the names of those that are left out now. */
  replace(next: readonly Destination[]): readonly string[];
  /** Where it would go, whether it may or not: the destination of its target, or of its name. */
  known(delivery: Addressed): Destination | undefined;
  /** Where the delivery may go, or why it may not. */
  check(delivery: Addressed & Pick<Delivery, 'reaches_people'>): CheckedDestination<Destination>;
}

type Addressed = Pick<Delivery, 'destination' | 'target' | 'action'>;

export const createDestinations = (first: readonly Destination[]): Destinations => {
  let current = first;
  let dropped: readonly Destination[] = [];
  return {
    current: () => current,
    dropped: () => dropped,
    replace(next) {
      const isKnown = ({ target }: Destination) => next.some((other) => other.target === target);
      const left = current.filter((destination) => !isKnown(destination));
      dropped = [...dropped, ...left].filter((destination) => !isKnown(destination));
      current = next;
      return left.map(({ name }) => name);
    },
    known: ({ target, destination }) =>
      current.find((each) => each.target === target) ??
      dropped.find((each) => each.target === target) ??
      current.find(({ name }) => name === destination),
    check(delivery) {
      const checked = checkDestination(delivery, current);
      if ('to' in checked || delivery.action !== 'resolve') return checked;
      const kept = checkDestination(delivery, dropped);
      return 'to' in kept ? kept : checked;
    },
  };
};
