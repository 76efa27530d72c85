// What the beginning and the end of an attempt change in the store, as pure functions for `EventStore.change`.
import { type Delivery, isDue } from '../domain/delivery.ts';
import type { UnifiedEvent } from '../domain/event.ts';
import { toIso } from '../lib/time.ts';
import type { Change, Found } from '../stores/event-store.ts';
import { deliveryHistory } from '../stores/history.ts';
import { beginAttempt, finishAttempt } from './attempt.ts';
import type { SendResult } from './destination.ts';

export interface Begun {
  readonly delivery: Delivery;
  readonly event: UnifiedEvent;
}

export interface Ended {
  readonly delivery: Delivery;
  /** What this end made ready to be sent: a resolve that waited for its trigger. */
  readonly ready: readonly string[];
}

/** Takes the delivery for one attempt. The result is undefined when it is not due after all. */
export const recordBegin = (
  found: Found,
  deliveryId: string,
  nowMs: number,
  leaseUntilMs: number,
): Change<Begun | undefined> => {
  if (found === undefined || found === 'forgotten') return { result: undefined };
  const { deliveries, begun, attempt } = beginAttempt(found.deliveries, deliveryId, nowMs, leaseUntilMs);
  if (deliveries === found.deliveries) return { result: undefined };
  const delivery = deliveries.find(({ id }) => id === deliveryId);
  return {
    result: begun && delivery ? { delivery, event: found.event } : undefined,
    record: { ...found, deliveries },
    history: deliveryHistory(found.deliveries, deliveries, toIso(nowMs), found.request_id),
    attempt,
  };
};

/**
 * Records how the attempt ended. The result is undefined when the event is gone.
 * @param begun the delivery as it was when the attempt began
 * @param nextAttemptMs when to try again, or null to give up
 */
export const recordEnd = (
  found: Found,
  begun: Delivery,
  sent: SendResult,
  nowMs: number,
  nextAttemptMs: number | null,
): Change<Ended | undefined> => {
  if (found === undefined || found === 'forgotten') return { result: undefined };
  const { deliveries, attempt } = finishAttempt(found.deliveries, begun.id, {
    startedAt: begun.attempt_started_at ?? toIso(nowMs),
    outcome: sent.outcome,
    statusCode: sent.statusCode,
    error: sent.outcome === 'delivered' ? null : sent.error,
    endedMs: nowMs,
    nextAttemptMs,
  });
  const ready = deliveries.filter((other) => other.id !== begun.id && isDue(other, deliveries, nowMs));
  return {
    result: {
      delivery: deliveries.find(({ id }) => id === begun.id) ?? begun,
      ready: ready.map(({ id }) => id),
    },
    record: { ...found, deliveries },
    history: deliveryHistory(found.deliveries, deliveries, toIso(nowMs), begun.request_id),
    attempt,
  };
};
