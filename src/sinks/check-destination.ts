// Whether a delivery may go to a destination as it is configured now.
import type { Delivery } from '../domain/delivery.ts';
import type { DestinationTraits } from '../domain/destination-traits.ts';
import { isLegacyTarget } from '../domain/legacy-targets.ts';

type Addressed = Pick<Delivery, 'destination' | 'target' | 'reaches_people'>;
type Traits = Pick<DestinationTraits, 'name' | 'target' | 'reachesPeople'>;
export type CheckedDestination<T> = { readonly to: T } | { readonly refused: string };

const whyNotLegacy = ({ destination, reaches_people: reachesPeople }: Addressed): string =>
  reachesPeople
    ? `queued for the real destination "${destination}", but the mock is configured now`
    : `queued for the mock, but the destination "${destination}" reaches people now`;

const checkLegacy = <T extends Traits>(delivery: Addressed, configured: readonly T[]): CheckedDestination<T> => {
  const named = configured.find(({ name }) => name === delivery.destination);
  if (!named) return { refused: `the destination "${delivery.destination}" is no longer configured` };
  return named.reachesPeople === delivery.reaches_people ? { to: named } : { refused: whyNotLegacy(delivery) };
};

/** A destination is known by its target: a new name changes nothing, another key or address is another destination. */
export const checkDestination = <T extends Traits>(
  delivery: Addressed,
  configured: readonly T[],
): CheckedDestination<T> => {
  if (isLegacyTarget(delivery.target)) return checkLegacy(delivery, configured);
  const same = configured.filter(({ target }) => target === delivery.target);
  const to = same.find(({ name }) => name === delivery.destination) ?? same[0];
  if (to) return { to };
  const isRetargeted = configured.some(({ name }) => name === delivery.destination);
  return {
    refused: isRetargeted
      ? `the destination "${delivery.destination}" has another key or address now`
      : `the destination "${delivery.destination}" is no longer configured`,
  };
};
