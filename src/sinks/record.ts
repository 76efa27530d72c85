// What the beginning and the end of an attempt change in the store, as pure functions for `EventStore.transact`.
import type { Alert } from '../domain/alert.ts';
import { beginAttempt, type DeliveryStep, finishAttempt } from '../domain/attempt.ts';
import { type Delivery, findDelivery, isDue, type WaitLimits } from '../domain/delivery.ts';
import { deliveryHistory } from '../domain/delivery-history.ts';
import { toIso } from '../lib/time.ts';
import type { Changes } from '../stores/event-store.ts';
import type { SendResult } from './destination.ts';

export interface Begun {
  readonly delivery: Delivery;
  readonly alert: Alert;
}

export interface Ended {
  readonly delivery: Delivery;
  /** Deliveries that waited for this one, and may be tried now. */
  readonly ready: readonly Delivery[];
}

/** When the attempt was made, and how it ended. */
export interface MadeAttempt {
  readonly startedAt: string;
  readonly result: SendResult;
  readonly endedMs: number;
  /** When to try again, or null to give up. */
  readonly nextAttemptMs: number | null;
  /** The destination has a fallback, which takes over a trigger that failed for good. */
  readonly hasFallback: boolean;
}

const change = <T>(result: T, alert: Alert, { deliveries, attempt }: DeliveryStep, nowMs: number): Changes<T> => ({
  result,
  alerts: [
    {
      alert: { ...alert, deliveries },
      history: deliveryHistory(alert.deliveries, deliveries, toIso(nowMs), alert.request_id),
    },
  ],
  attempt,
});

/** Takes the delivery for one attempt. The result is undefined when it is not due after all. */
export const recordBegin = (
  alert: Alert | undefined,
  deliveryId: string,
  nowMs: number,
  leaseUntilMs: number,
  limits: WaitLimits,
): Changes<Begun | undefined> => {
  if (!alert) return { result: undefined };
  const step = beginAttempt(alert.deliveries, deliveryId, nowMs, leaseUntilMs, limits);
  if (step.deliveries === alert.deliveries) return { result: undefined };
  const delivery = findDelivery(step.deliveries, deliveryId);
  const begun = step.begun && delivery ? { delivery, alert: { ...alert, deliveries: step.deliveries } } : undefined;
  return change(begun, alert, step, nowMs);
};

/** The alert is decided anew at once when one of its triggers failed and another destination has to tell it. */
const wakeForFallback = (alert: Alert, delivery: Delivery | undefined, attempt: MadeAttempt): Alert =>
  attempt.hasFallback && delivery?.status === 'failed' && delivery.action === 'trigger'
    ? { ...alert, wake_at: toIso(attempt.endedMs) }
    : alert;

/** Records how an attempt ended. The result is undefined when the alert is gone. */
export const recordEnd = (
  alert: Alert | undefined,
  deliveryId: string,
  made: MadeAttempt,
  limits: WaitLimits,
): Changes<Ended | undefined> => {
  const before = alert && findDelivery(alert.deliveries, deliveryId);
  if (!alert || !before) return { result: undefined };
  const { result, startedAt, endedMs, nextAttemptMs } = made;
  const step = finishAttempt(alert.deliveries, deliveryId, {
    startedAt,
    outcome: result.outcome,
    statusCode: result.statusCode,
    error: result.outcome === 'delivered' ? null : result.error,
    endedMs,
    nextAttemptMs,
    memo: result.outcome === 'delivered' ? result.memo : undefined,
  });
  const delivery = findDelivery(step.deliveries, deliveryId) ?? before;
  const ready = step.deliveries.filter(
    (other) => other.id !== deliveryId && isDue(other, step.deliveries, endedMs, limits),
  );
  return change({ delivery, ready }, wakeForFallback(alert, delivery, made), step, endedMs);
};

/** Records a whole attempt that was made while the store took no writes. */
export const recordLate = (
  alert: Alert | undefined,
  deliveryId: string,
  made: MadeAttempt,
  limits: WaitLimits,
): Changes<Ended | undefined> => {
  if (!alert) return { result: undefined };
  const startedMs = Date.parse(made.startedAt);
  const { deliveries, begun } = beginAttempt(alert.deliveries, deliveryId, startedMs, made.endedMs, limits);
  const ended = recordEnd(begun ? { ...alert, deliveries } : alert, deliveryId, made, limits);
  const changed = ended.alerts?.[0]?.alert;
  if (!changed) return ended;
  return {
    ...ended,
    alerts: [
      {
        alert: changed,
        history: deliveryHistory(alert.deliveries, changed.deliveries, toIso(made.endedMs), alert.request_id),
      },
    ],
  };
};
