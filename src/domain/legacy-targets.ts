// Deliveries of the previous version name no target: it had one destination, the real PagerDuty or the mock. They
// become deliveries of the destination that has its name, or else of the only one of its kind, so that nobody is told
// anew.
import type { Alert } from './alert.ts';
import type { Delivery } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';

const legacy = { people: 'legacy:people', mock: 'legacy:mock' } as const;

export const legacyTarget = (reachesPeople: boolean): string => (reachesPeople ? legacy.people : legacy.mock);

export const isLegacyTarget = (target: string): boolean => target === legacy.people || target === legacy.mock;

/** Whether it is the mock, which stands in for PagerDuty while somebody tries the service. */
export const isMock = (target: string): boolean => target === legacy.mock || target.startsWith('mock:');

const heirOf = (
  { destination, reaches_people: reachesPeople }: Delivery,
  destinations: readonly DestinationTraits[],
): DestinationTraits | undefined => {
  const alike = destinations.filter((each) => each.reachesPeople === reachesPeople);
  return alike.find(({ name }) => name === destination) ?? (alike.length === 1 ? alike[0] : undefined);
};

/** The alert with the deliveries of the version before as those of today's destinations. */
export const withTodaysTargets = (alert: Alert, destinations: readonly DestinationTraits[]): Alert => {
  if (!alert.deliveries.some(({ target }) => isLegacyTarget(target))) return alert;
  const deliveries = alert.deliveries.map((delivery) => {
    const heir = isLegacyTarget(delivery.target) ? heirOf(delivery, destinations) : undefined;
    return heir ? { ...delivery, target: heir.target, destination: heir.name } : delivery;
  });
  return { ...alert, deliveries };
};
