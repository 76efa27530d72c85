// How an event and its alert are shown together, the same for every backend.
import type { Delivery } from '../domain/delivery.ts';
import type { HistoryEntry } from '../domain/history.ts';

/** The deliveries that carried the event, and the resolves of its alert. */
export const deliveriesOf = (eventId: string, ofAlert: readonly Delivery[]): readonly Delivery[] =>
  ofAlert.filter(({ action, event_ids: ids }) => action === 'resolve' || ids.includes(eventId));

/**
 * The history of an event together with what its alert's names of it. Each keeps its own order, for it is the order in
 * which things happened, even if the clock stepped back.
 */
export const mergeHistory = (
  eventId: string,
  ofEvent: readonly HistoryEntry[],
  ofAlert: readonly HistoryEntry[],
): readonly HistoryEntry[] => {
  const others = ofAlert.filter(({ event_id: named }) => named === eventId);
  const merged: HistoryEntry[] = [];
  let next = 0;
  for (const entry of ofEvent) {
    for (let other = others[next]; other && other.at < entry.at; other = others[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(entry);
  }
  return [...merged, ...others.slice(next)];
};
