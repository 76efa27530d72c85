// What an alert's history says of its deliveries.
import type { Delivery } from './delivery.ts';
import type { ChangeKind, HistoryEntry } from './history.ts';

const changeOf: Readonly<Record<Exclude<Delivery['status'], 'pending'>, ChangeKind>> = {
  delivered: 'delivered',
  failed: 'delivery_failed',
  superseded: 'delivery_superseded',
};

/** The history of a step in an alert's deliveries: one entry for each that came to its end in it. */
export const deliveryHistory = (
  before: readonly Delivery[],
  after: readonly Delivery[],
  at: string,
  requestId: string,
): readonly HistoryEntry[] => {
  // Most steps change one of them, or none to its end.
  const changed = after.filter((delivery, index) => delivery.status !== 'pending' && delivery !== before[index]);
  if (changed.length === 0) return [];
  const statusBefore = new Map(before.map(({ id, status }) => [id, status]));
  return changed.flatMap(({ id, status, event_id: eventId, destination, action, last_error: lastError }) => {
    const old = statusBefore.get(id) ?? 'pending';
    if (status === 'pending' || status === old) return [];
    return [
      {
        at,
        change: changeOf[status],
        request_id: requestId,
        event_id: eventId,
        destination,
        action,
        fields: { status: { old, new: status } },
        ...(status === 'failed' && lastError !== null && { reason: lastError }),
      },
    ];
  });
};
