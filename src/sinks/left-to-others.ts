// Deliveries that are left to other replicas. While replicas are given another key or other rules one after the other, each
// has destinations that another one lacks.
import { longestWaitMs } from '../domain/delivery.ts';
import type { QueuedDelivery } from '../pipeline/topics.ts';
import type { Destinations } from './destinations.ts';

export interface LeftToOthers {
  /** Whether the delivery is; what nobody has sent for 15 minutes is not. */
  has(delivery: QueuedDelivery): boolean;
  /** The targets of what was left to others last. */
  targets(): readonly string[];
}

/** @param isShared whether other processes use the store; else nothing is left to anybody */
export const createLeftToOthers = (
  destinations: Pick<Destinations, 'check'>,
  isShared: boolean,
  now: () => number,
): LeftToOthers => {
  const targets = new Set<string>();
  return {
    has(delivery) {
      const isLeft =
        isShared &&
        now() - Date.parse(delivery.created_at) < longestWaitMs &&
        'refused' in destinations.check(delivery);
      if (isLeft) targets.add(delivery.target);
      else targets.delete(delivery.target);
      return isLeft;
    },
    targets: () => [...targets],
  };
};
