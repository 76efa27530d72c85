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
 * The alert of an open event is open, so that every end that was told is one of an earlier time; unless the last word was
 * that it eased.
 */
const earlierThan = ({ record, deliveries }: EventWithDeliveries): ((delivery: Delivery) => boolean) => {
  const last = deliveries
    .filter(({ status }) => status !== 'superseded')
    .reduce<Delivery | undefined>((a, b) => (a === undefined || b.ordinal > a.ordinal ? b : a), undefined);
  if (last?.action === 'resolve' && last.reason === 'eased') return ofEarlierTime(deliveries, last.cycle);
  const cycles = deliveries.flatMap(({ action, cycle }) => (action === 'resolve' ? [] : [cycle]));
  return ofEarlierTime(deliveries, isOpen(record) ? Number.POSITIVE_INFINITY : Math.max(...cycles, 1));
};

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
