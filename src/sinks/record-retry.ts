// What trying a failed delivery once more changes in the store, for `EventStore.transact`.
import type { Alert } from '../domain/alert.ts';
import { type Delivery, requeue } from '../domain/delivery.ts';
import { toIso } from '../lib/time.ts';
import type { Changes } from '../stores/event-store.ts';

export interface RetryCause {
  readonly requestId: string;
  /** Why, as the alert's history tells it. */
  readonly reason: string;
}

/** Queues the delivery again, and gives it as it is then. */
export const recordRetry = (
  alert: Alert,
  failed: Delivery,
  { requestId, reason }: RetryCause,
  nowMs: number,
): Changes<Delivery> => {
  const again = requeue(failed, requestId, nowMs);
  return {
    result: again,
    alerts: [
      {
        alert: {
          ...alert,
          deliveries: alert.deliveries.map((each) => (each === failed ? again : each)),
          // What joined while the destination could not be told goes there after this.
          ...(alert.state === 'open' && { wake_at: toIso(nowMs) }),
        },
        history: [
          {
            at: toIso(nowMs),
            change: 'delivery_retried',
            request_id: requestId,
            event_id: failed.event_id,
            reason,
            destination: failed.destination,
            action: failed.action,
            fields: { status: { old: failed.status, new: again.status } },
          },
        ],
      },
    ],
  };
};
