// An event as the API shows it: the unified event, and beside it what became of it.
import type { Attempt, Delivery } from '../domain/delivery.ts';
import type { EventDetail, EventRecord } from '../stores/event-store.ts';
import type { DeliveryView, EventDetailView, EventView } from './event-schema.ts';

/**
 * One row for each destination and action. An event that was opened again has been paged more than once; the row then
 * has the state of the newest page and the attempts of all.
 */
const foldDeliveries = (deliveries: readonly Delivery[]): readonly (readonly Delivery[])[] => {
  const rows = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    const key = JSON.stringify([delivery.destination, delivery.action]);
    const row = rows.get(key);
    if (row) row.push(delivery);
    else rows.set(key, [delivery]);
  }
  return [...rows.values()];
};

const viewDelivery = (cycles: readonly Delivery[]): DeliveryView => {
  const newest = cycles.reduce((a, b) => (b.cycle > a.cycle ? b : a));
  return {
    id: newest.id,
    destination: newest.destination,
    action: newest.action,
    status: newest.status,
    attempts: cycles.reduce((sum, { attempts }) => sum + attempts, 0),
    last_error: newest.last_error,
    delivered_at: newest.delivered_at,
    next_attempt_at: newest.next_attempt_at,
  };
};

const viewRecord = (record: EventRecord): Omit<EventView, 'deliveries'> => ({
  ...record.event,
  routed: record.routed,
  delivered_to: [
    ...new Set(record.deliveries.filter(({ status }) => status === 'delivered').map(({ destination }) => destination)),
  ],
  routing_reason: record.routing_reason,
  first_seen_at: record.first_seen_at,
  last_seen_at: record.last_seen_at,
  seen_count: record.seen_count,
});

export const viewEvent = (record: EventRecord): EventView => ({
  ...viewRecord(record),
  deliveries: foldDeliveries(record.deliveries).map(viewDelivery),
});

export const viewEventDetail = ({ record, history, attempts }: EventDetail): EventDetailView => ({
  ...viewRecord(record),
  deliveries: foldDeliveries(record.deliveries).map((cycles) => ({
    ...viewDelivery(cycles),
    attempt_log: cycles
      .flatMap(({ id }): readonly Attempt[] => attempts.get(id) ?? [])
      .map((attempt, at) => ({ ...attempt, number: at + 1 })),
  })),
  history: [...history],
});
