// One attempt at a delivery: how it begins and ends, and what it changes in the deliveries of its alert. Pure.
import { toIso } from '../lib/time.ts';
import { cancelUnneeded } from './cancel-unneeded.ts';
import { type Attempt, type AttemptOutcome, type Delivery, findDelivery, isDue, type WaitLimits } from './delivery.ts';

const replace = (deliveries: readonly Delivery[], changed: Delivery): readonly Delivery[] =>
  deliveries.map((delivery) => (delivery.id === changed.id ? changed : delivery));

/** What a step in the life of one delivery makes of all deliveries of its alert. */
export interface DeliveryStep {
  readonly deliveries: readonly Delivery[];
  /** The attempt that became known in this step, to be appended to its delivery's log. */
  readonly attempt?: { readonly deliveryId: string; readonly attempt: Attempt };
}

/**
 * Takes the delivery for one attempt, until `leaseUntilMs`. `begun` is false when it is not due after all.
 * A lease that ran out belongs to a process that died in its attempt: that attempt may have arrived.
 */
export const beginAttempt = (
  deliveries: readonly Delivery[],
  id: string,
  nowMs: number,
  leaseUntilMs: number,
  limits: WaitLimits,
): DeliveryStep & { readonly begun: boolean } => {
  const delivery = findDelivery(deliveries, id);
  if (!delivery || !isDue(delivery, deliveries, nowMs, limits)) return { deliveries, begun: false };
  if (delivery.attempt_started_at === null)
    return { deliveries: lease(deliveries, delivery, nowMs, leaseUntilMs), begun: true };
  const lost = finishAttempt(deliveries, id, {
    startedAt: delivery.attempt_started_at,
    outcome: 'unknown',
    statusCode: null,
    error: 'the process that made this attempt ended before the answer came',
    endedMs: nowMs,
    nextAttemptMs: nowMs,
  });
  const after = findDelivery(lost.deliveries, id);
  return after?.status === 'pending'
    ? { ...lost, deliveries: lease(lost.deliveries, after, nowMs, leaseUntilMs), begun: true }
    : { ...lost, begun: false };
};

const lease = (deliveries: readonly Delivery[], delivery: Delivery, nowMs: number, untilMs: number) =>
  replace(deliveries, { ...delivery, attempt_started_at: toIso(nowMs), leased_until: toIso(untilMs) });

export interface AttemptEnd {
  /** When it began, which tells whose attempt ended. */
  readonly startedAt: string;
  readonly outcome: AttemptOutcome;
  readonly statusCode: number | null;
  /** Null when it was accepted. */
  readonly error: string | null;
  readonly endedMs: number;
  /** When to try again, or null when this attempt was the last. */
  readonly nextAttemptMs: number | null;
  readonly memo?: string | undefined;
}

/** Records how an attempt ended, and what that means for the deliveries that waited for it. */
export const finishAttempt = (deliveries: readonly Delivery[], id: string, end: AttemptEnd): DeliveryStep => {
  const { startedAt, outcome, error, endedMs, nextAttemptMs } = end;
  const delivery = findDelivery(deliveries, id);
  if (!delivery) return { deliveries };
  // What was accepted in an attempt that outlived its lease is not tried again, unless somebody tries it just now. A resolve
  // is: what it closes may have come after it.
  const isAcceptedMeanwhile =
    outcome === 'delivered' &&
    delivery.action !== 'resolve' &&
    delivery.status === 'pending' &&
    delivery.attempt_started_at === null;
  if (delivery.attempt_started_at !== startedAt && !isAcceptedMeanwhile) return finishLate(deliveries, delivery, end);
  const number = delivery.attempts + 1;
  const isRetrying = outcome !== 'delivered' && nextAttemptMs !== null;
  const finished: Delivery = {
    ...delivery,
    status: outcome === 'delivered' ? 'delivered' : isRetrying ? 'pending' : 'failed',
    attempts: number,
    last_error: error,
    delivered_at: outcome === 'delivered' ? toIso(endedMs) : null,
    next_attempt_at: isRetrying ? toIso(nextAttemptMs) : null,
    attempt_started_at: null,
    leased_until: null,
    may_have_arrived: delivery.may_have_arrived || outcome === 'unknown',
    ...(end.memo !== undefined && { memo: end.memo }),
  };
  return {
    deliveries: cancelUnneeded(replace(deliveries, finished)),
    attempt: { deliveryId: id, attempt: attemptOf(number, end) },
  };
};

const attemptOf = (number: number, { startedAt, outcome, statusCode, error, endedMs }: AttemptEnd): Attempt => ({
  number,
  started_at: startedAt,
  duration_ms: Math.max(0, endedMs - Date.parse(startedAt)),
  outcome,
  status_code: statusCode,
  error,
});

/**
 * The end of an attempt that outlived its lease: its process was paused, or its clock is wrong, and others have gone on
 * without it. If it may have arrived, then perhaps after the resolve, which must be sent again to close the alert.
 */
const finishLate = (deliveries: readonly Delivery[], delivery: Delivery, end: AttemptEnd): DeliveryStep => {
  if (end.outcome !== 'delivered' && end.outcome !== 'unknown') return { deliveries };
  const number = delivery.attempts + 1;
  const late: Delivery = { ...delivery, attempts: number, may_have_arrived: true };
  const isLastCycle = !deliveries.some(
    (other) => other.target === delivery.target && other.cycle > delivery.cycle && other.action !== 'resolve',
  );
  const isItsResolve = (other: Delivery): boolean =>
    delivery.action !== 'resolve' &&
    isLastCycle &&
    other.target === delivery.target &&
    other.cycle === delivery.cycle &&
    other.action === 'resolve' &&
    (other.status === 'delivered' || other.status === 'superseded');
  return {
    deliveries: replace(deliveries, late).map((other) =>
      isItsResolve(other)
        ? { ...other, status: 'pending', delivered_at: null, next_attempt_at: toIso(end.endedMs) }
        : other,
    ),
    attempt: { deliveryId: delivery.id, attempt: attemptOf(number, end) },
  };
};
