// An event as the API shows it: the unified event, and beside it what became of it.
import type { Attempt, Delivery } from '../domain/delivery.ts';
import { ofEarlierTime } from '../domain/earlier-time.ts';
import { isOpen } from '../domain/event-record.ts';
import type { EventDetail, EventWithDeliveries } from '../stores/event-store.ts';
import { deliveredTo, foldDeliveries, viewRow } from './delivery-view.ts';
import type { EventDetailView, EventView } from './event-schema.ts';

/** `raw` is absent when it was not read, or is gone. */
const viewRecord = ({ record, deliveries, rawJson }: EventWithDeliveries): Omit<EventView, 'deliveries'> => {
  const carried = deliveries.filter(({ event_ids: ids }) => ids.includes(record.event.event_id));
  return {
    ...record.event,
    ...(rawJson !== null && { raw: JSON.parse(rawJson) }),
    facts: record.facts,
    state: isOpen(record) ? 'open' : 'resolved',
    alert_id: record.alert_id,
    routed: record.routed,
    delivered_to: deliveredTo(carried),
    routing_reason: record.routing_reason,
    first_seen_at: record.first_seen_at,
    last_seen_at: record.last_seen_at,
    seen_count: record.seen_count,
  };
};

/**
 * A version before did not note which ends were followed by a reopening: the alert of an open event is open, so that every
 * end that was told is one of an earlier time; unless the last word was that it eased.
 */
const guessCycle = ({ record, deliveries }: EventWithDeliveries): number => {
  const last = deliveries
    .filter(({ status }) => status !== 'superseded')
    .reduce<Delivery | undefined>((a, b) => (a === undefined || b.ordinal > a.ordinal ? b : a), undefined);
  if (last?.action === 'resolve' && last.reason === 'eased') return last.cycle;
  return isOpen(record) ? Number.POSITIVE_INFINITY : 1;
};

/** The present or last time of the event's alert, or one before it that tells the same. */
const cycleOf = (event: EventWithDeliveries): number => {
  const ends = event.deliveries.filter(({ action }) => action === 'resolve');
  const isNoted = ends.every(({ was_reopened: was }) => was !== undefined);
  const known = event.deliveries.flatMap(({ action, cycle, was_reopened: was }) => {
    if (action !== 'resolve') return [cycle];
    return was ? [cycle + 1] : [];
  });
  return Math.max(...known, isNoted ? 1 : guessCycle(event));
};

const earlierThan = (event: EventWithDeliveries): ((delivery: Delivery) => boolean) =>
  ofEarlierTime(event.deliveries, cycleOf(event));

export const viewEvent = (event: EventWithDeliveries): EventView => {
  const isEarlier = earlierThan(event);
  return { ...viewRecord(event), deliveries: foldDeliveries(event.deliveries).map((row) => viewRow(row, isEarlier)) };
};

export const viewEventDetail = (detail: EventDetail): EventDetailView => {
  const isEarlier = earlierThan(detail);
  return {
    ...viewRecord(detail),
    deliveries: foldDeliveries(detail.deliveries).map((row) => ({
      ...viewRow(row, isEarlier),
      attempt_log: row
        .flatMap(({ id }): readonly Attempt[] => detail.attempts.get(id) ?? [])
        .map((attempt, at) => ({ ...attempt, number: at + 1 })),
    })),
    history: detail.history,
  };
};
