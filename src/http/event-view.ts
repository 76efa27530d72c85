// An event as the API shows it: the unified event, and beside it what became of it.
import type { Attempt } from '../domain/delivery.ts';
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

export const viewEvent = (event: EventWithDeliveries): EventView => ({
  ...viewRecord(event),
  deliveries: foldDeliveries(event.deliveries).map(viewRow),
});

export const viewEventDetail = (detail: EventDetail): EventDetailView => ({
  ...viewRecord(detail),
  deliveries: foldDeliveries(detail.deliveries).map((row) => ({
    ...viewRow(row),
    attempt_log: row
      .flatMap(({ id }): readonly Attempt[] => detail.attempts.get(id) ?? [])
      .map((attempt, at) => ({ ...attempt, number: at + 1 })),
  })),
  history: detail.history,
});
