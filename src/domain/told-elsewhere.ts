// Open alerts that were told to a key or an address that is not configured any more. Nothing can be sent there, so their
// end will be told to nobody there, and somebody has to close them.
import type { Alert } from './alert.ts';
import { sinceLastEnd } from './cancel-unneeded.ts';
import { isTold } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import { withTodaysTargets } from './legacy-targets.ts';

/**
 * The alerts by the names that such destinations had when they were told.
 * @param open alerts that are open; a destination that reaches nobody needs no end
 */
export const toldElsewhere = (
  open: readonly Alert[],
  configured: readonly DestinationTraits[],
): ReadonlyMap<string, readonly Alert[]> => {
  const targets = new Set(configured.map(({ target }) => target));
  const told = open.flatMap((alert) => {
    const { deliveries } = withTodaysTargets(alert, configured);
    const away = deliveries.filter(
      (each) => each.reaches_people && !targets.has(each.target) && sinceLastEnd(deliveries, each.target).some(isTold),
    );
    return [...new Set(away.map(({ destination }) => destination))].map((destination) => ({ destination, alert }));
  });
  const groups = Map.groupBy(told, ({ destination }) => destination);
  return new Map([...groups].map(([destination, each]) => [destination, each.map(({ alert }) => alert)]));
};
