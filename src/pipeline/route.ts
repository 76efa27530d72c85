// Stage 4: writes the routing decision and the deliveries owed in one step, then says that they are there.
// The rows are the truth and the message only the fast path: `recover` finds what a crash left between the two.
import { isBlocked } from '../domain/delivery.ts';
import { toIso } from '../lib/time.ts';
import type { Change, EventStore, Found, HistoryEntry } from '../stores/event-store.ts';
import { deliveryHistory } from '../stores/history.ts';
import { decideRouting, type RoutingRules } from './routing.ts';
import type { Stage } from './stage.ts';

interface Routed {
  readonly deliveryIds: readonly string[];
  readonly triggered: boolean;
  /** Absent when there was nothing to decide. */
  readonly reason?: string;
}

export const createRoute = (
  store: Pick<EventStore, 'change'>,
  rules: RoutingRules,
  now: () => number,
): Stage<'event.stored', 'delivery.queued'> => {
  const route = (found: Found, requestId: string): Change<Routed> => {
    if (found === undefined || found === 'forgotten' || found.routed_version === found.version) {
      return { result: { deliveryIds: [], triggered: false } };
    }
    const nowMs = now();
    const { reason, deliveries, triggered } = decideRouting(found, rules, requestId, nowMs);
    const at = toIso(nowMs);
    const decision: HistoryEntry = {
      at,
      change: 'routing_decided',
      request_id: requestId,
      reason,
      fields: { routed: { old: found.routed, new: found.routed || triggered } },
    };
    const pending = deliveries.filter((delivery) => delivery.status === 'pending' && !isBlocked(delivery, deliveries));
    return {
      result: { deliveryIds: pending.map(({ id }) => id), triggered, reason },
      record: {
        ...found,
        deliveries,
        routed: found.routed || triggered,
        routing_reason: reason,
        routed_version: found.version,
      },
      history: [decision, ...deliveryHistory(found.deliveries, deliveries, at, requestId)],
    };
  };

  return {
    name: 'route',
    input: 'event.stored',
    output: 'delivery.queued',
    async run({ signalId, requestId, eventId }) {
      const { reason, ...routed } = await store.change(eventId, (found) => route(found, requestId));
      const why = reason === undefined ? {} : { reason };
      if (routed.deliveryIds.length > 0) return { publish: { signalId, requestId, eventId, ...routed, ...why } };
      return { stop: 'unrouted', eventId, ...(reason === undefined ? {} : { detail: reason }) };
    },
  };
};
