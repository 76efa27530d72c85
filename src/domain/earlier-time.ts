// What was told of an alert that was opened again: of its present time (of a resolved alert, its last one), or of one before
// it, whose end was told since. Pure.
import { sinceLastEnd } from './cancel-unneeded.ts';
import type { Delivery } from './delivery.ts';

/**
 * Whether a delivery is of an earlier time. One whose end was never told still stands, however often the alert was opened.
 * @param deliveries of one alert, or those of one of its events with the alert's ends
 * @param cycle of the present time, or of the last one
 */
export const ofEarlierTime = (deliveries: readonly Delivery[], cycle: number): ((delivery: Delivery) => boolean) => {
  const counting = deliveries
    .filter((each) => each.action !== 'resolve' || each.cycle < cycle)
    .toSorted((a, b) => a.ordinal - b.ordinal);
  const targets = new Set(counting.map(({ target }) => target));
  const present = new Set([...targets].flatMap((target) => sinceLastEnd(counting, target)));
  return (delivery) => (delivery.action === 'resolve' ? delivery.cycle < cycle : !present.has(delivery));
};
