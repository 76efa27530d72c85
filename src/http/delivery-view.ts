// Deliveries as the API shows them: one by one, or folded to one row for each destination and action.
import type { Attempt, Delivery } from '../domain/delivery.ts';
import type { DeliveryPage } from '../stores/event-store.ts';
import type { DeliveryDetailView, DeliveryRow, DeliveryView, ListedDeliveryView } from './delivery-schema.ts';

/** Whether a delivery is of an earlier time of its alert. */
export type IsEarlier = (delivery: Delivery) => boolean;

/** All deliveries of one destination and action, oldest first. */
type Row = readonly [Delivery, ...Delivery[]];

/**
 * An alert that became more serious, or was opened again, has several deliveries of one action: their row has the state of
 * the newest and the attempts of all.
 */
export const foldDeliveries = (deliveries: readonly Delivery[]): readonly Row[] => {
  const rows = new Map<string, [Delivery, ...Delivery[]]>();
  for (const delivery of deliveries) {
    const key = JSON.stringify([delivery.destination, delivery.action]);
    const row = rows.get(key);
    if (row) row.push(delivery);
    else rows.set(key, [delivery]);
  }
  return [...rows.values()];
};

export const viewRow = (row: Row, isEarlier: IsEarlier): DeliveryRow => {
  const newest = row.reduce((a, b) => (b.ordinal > a.ordinal ? b : a));
  return {
    id: newest.id,
    destination: newest.destination,
    action: newest.action,
    status: newest.status,
    attempts: row.reduce((sum, { attempts }) => sum + attempts, 0),
    last_error: newest.last_error,
    delivered_at: newest.delivered_at,
    next_attempt_at: newest.next_attempt_at,
    earlier: isEarlier(newest),
  };
};

/** The destinations that have accepted one of these deliveries. */
export const deliveredTo = (deliveries: readonly Delivery[]): string[] => [
  ...new Set(deliveries.filter(({ status }) => status === 'delivered').map(({ destination }) => destination)),
];

export const viewDelivery = (delivery: Delivery): DeliveryView => ({
  id: delivery.id,
  alert_id: delivery.alert_id,
  event_id: delivery.event_id,
  event_ids: delivery.event_ids,
  destination: delivery.destination,
  action: delivery.action,
  reason: delivery.reason,
  severity: delivery.severity,
  status: delivery.status,
  attempts: delivery.attempts,
  last_error: delivery.last_error,
  created_at: delivery.created_at,
  delivered_at: delivery.delivered_at,
  next_attempt_at: delivery.next_attempt_at,
});

export const viewListedDelivery =
  (titles: DeliveryPage['titles']) =>
  (delivery: Delivery): ListedDeliveryView => {
    const alert = titles.get(delivery.alert_id);
    return { ...viewDelivery(delivery), alert_title: alert?.title ?? null, source: alert?.source ?? null };
  };

export const viewDeliveryDetail = (
  delivery: Delivery,
  isEarlier: IsEarlier,
  attempts: ReadonlyMap<string, readonly Attempt[]>,
): DeliveryDetailView => ({
  ...viewDelivery(delivery),
  earlier: isEarlier(delivery),
  attempt_log: [...(attempts.get(delivery.id) ?? [])],
});
