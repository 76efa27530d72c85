// Which deliveries of an alert nobody needs any more, by what each target was told since the last end. Pure.
import { type Delivery, mayBeKnown, supersede } from './delivery.ts';

/**
 * What a target was to be told, in order, since the last end that it was told of: of the alert's present cycle, and of
 * an earlier one whose resolve was called off because the alert opened again, or was refused.
 * @param beforeOrdinal only what comes before this place
 */
export const sinceLastEnd = (
  deliveries: readonly Delivery[],
  target: string,
  beforeOrdinal = Number.POSITIVE_INFINITY,
): readonly Delivery[] => {
  const own = deliveries.filter((each) => each.target === target && each.ordinal < beforeOrdinal);
  const end = own.findLastIndex(
    ({ action, status }) => action === 'resolve' && (status === 'delivered' || status === 'pending'),
  );
  return own.slice(end + 1).filter(({ action }) => action !== 'resolve');
};

/** What a resolve closes. Those of one cycle close the same, each under a key of its own. */
const toldBefore = (deliveries: readonly Delivery[], { target, cycle, ordinal }: Delivery): readonly Delivery[] => {
  const first = deliveries.find(
    (each) =>
      each.target === target && each.cycle === cycle && each.action === 'resolve' && each.status !== 'superseded',
  );
  return sinceLastEnd(deliveries, target, first?.ordinal ?? ordinal);
};

/**
 * Cancels what nobody needs any more. When a resolve waits, updates that were not sent are dropped; a trigger that was
 * never accepted is not tried again, and unless one of its attempts may have arrived, the resolve is not sent either.
 * An attempt in flight is awaited: its end decides.
 */
export const cancelUnneeded = (deliveries: readonly Delivery[]): readonly Delivery[] => {
  const resolves = deliveries.filter(({ action, status }) => action === 'resolve' && status === 'pending');
  if (resolves.length === 0) return deliveries;
  const cancelled = new Set<Delivery>();
  for (const resolve of resolves) {
    const told = toldBefore(deliveries, resolve);
    if (told.some(({ leased_until: leasedUntil }) => leasedUntil !== null)) continue;
    for (const each of told) if (each.status === 'pending') cancelled.add(each);
    if (!told.some(mayBeKnown)) cancelled.add(resolve);
  }
  return cancelled.size === 0
    ? deliveries
    : deliveries.map((delivery) => (cancelled.has(delivery) ? supersede(delivery) : delivery));
};
