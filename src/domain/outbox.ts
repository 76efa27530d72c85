// Collects the deliveries that one decision adds to an alert.
import type { Alert } from './alert.ts';
import { createDelivery, type Delivery, type DeliveryReason } from './delivery.ts';
import type { DestinationTraits } from './destination-traits.ts';
import type { Severity } from './event.ts';

export interface Outbox {
  readonly all: () => readonly Delivery[];
  add(
    destination: Pick<DestinationTraits, 'name' | 'target' | 'reachesPeople'>,
    action: Delivery['action'],
    reason: DeliveryReason,
    about: { readonly eventId: string; readonly severity: Severity },
    more?: { readonly eventIds?: readonly string[]; readonly key?: string; readonly firstAttemptMs?: number },
  ): void;
  replace(before: Delivery, after: Delivery): void;
}

export const createOutbox = (
  alert: Alert,
  { nowMs, requestId }: { readonly nowMs: number; readonly requestId: string },
): Outbox => {
  let deliveries = alert.deliveries;
  return {
    all: () => deliveries,
    add({ name, target, reachesPeople }, action, reason, { eventId, severity }, more = {}) {
      const { eventIds = [eventId], key, firstAttemptMs } = more;
      const delivery = createDelivery(
        {
          alert_id: alert.alert_id,
          event_id: eventId,
          event_ids: eventIds,
          destination: name,
          target,
          reaches_people: reachesPeople,
          action,
          reason,
          severity,
          cycle: alert.cycle,
          ordinal: (deliveries.at(-1)?.ordinal ?? 0) + 1,
          ...(key !== undefined && { key }),
          request_id: requestId,
        },
        nowMs,
        firstAttemptMs,
      );
      deliveries = [...deliveries, delivery];
    },
    replace(before, after) {
      deliveries = deliveries.map((delivery) => (delivery === before ? after : delivery));
    },
  };
};
