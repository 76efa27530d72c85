// A delivery is one action owed to one destination. These pure functions are all of its life: who may be
// tried, what an attempt leaves behind, and when a page that nobody has seen yet is called off.
import { createHash } from 'node:crypto';
import { instant } from './time.ts';

export const deliveryStatuses = ['pending', 'delivered', 'failed', 'superseded'] as const;
export type Action = 'trigger' | 'resolve';
export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** `unknown`: the request may have reached the destination, but no answer came back. */
export type AttemptOutcome = 'delivered' | 'transient' | 'throttled' | 'permanent' | 'unknown';

export interface Attempt {
  readonly number: number;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly outcome: AttemptOutcome;
  readonly status_code: number | null;
  readonly error: string | null;
}

export interface Delivery {
  readonly id: string;
  readonly event_id: string;
  readonly destination: string;
  readonly action: Action;
  /** Counts the pages of one event at one destination: a reopened event is triggered again in the next cycle. */
  readonly cycle: number;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly created_at: string;
  readonly delivered_at: string | null;
  readonly next_attempt_at: string | null;
  /** While an attempt is in flight: when it began, and until when nobody else may begin one. */
  readonly attempt_started_at: string | null;
  readonly leased_until: string | null;
  /** An attempt ended without an answer, so the destination may know of it although it is not `delivered`. */
  readonly may_have_arrived: boolean;
  /** Whether it was owed to a person or to the mock. What was owed to the one must never be sent to the other. */
  readonly reaches_people: boolean;
  readonly request_id: string;
}

export interface Deliveries {
  readonly deliveries: readonly Delivery[];
  /** The attempt that became known in this step, to be appended to its delivery's log. */
  readonly attempt?: { readonly deliveryId: string; readonly attempt: Attempt };
}

/** A delivery newly owed. The same event, destination, action and cycle always give the same `id`. */
export const owe = (
  owed: Pick<Delivery, 'event_id' | 'destination' | 'action' | 'cycle' | 'reaches_people' | 'request_id'>,
  nowMs: number,
): Delivery => ({
  ...owed,
  id: `dlv_${createHash('sha256')
    .update(JSON.stringify([owed.event_id, owed.destination, owed.action, owed.cycle]))
    .digest('hex')
    .slice(0, 32)}`,
  status: 'pending',
  attempts: 0,
  last_error: null,
  created_at: instant(nowMs),
  delivered_at: null,
  next_attempt_at: instant(nowMs),
  attempt_started_at: null,
  leased_until: null,
  may_have_arrived: false,
});

const isEarlier = (a: Delivery, b: Delivery): boolean =>
  a.destination === b.destination &&
  (a.cycle < b.cycle || (a.cycle === b.cycle && a.action === 'trigger' && b.action === 'resolve'));

/** Whether a delivery must wait for an earlier one of the same event: a resolve never overtakes its trigger. */
export const isBlocked = (delivery: Delivery, all: readonly Delivery[]): boolean =>
  all.some((other) => other.status === 'pending' && isEarlier(other, delivery));

/** Whether an attempt may begin now: owed, not waiting for its time, for its trigger, or for another's attempt. */
export const isDue = (delivery: Delivery, all: readonly Delivery[], nowMs: number): boolean =>
  delivery.status === 'pending' &&
  (delivery.next_attempt_at === null || Date.parse(delivery.next_attempt_at) <= nowMs) &&
  (delivery.leased_until === null || Date.parse(delivery.leased_until) <= nowMs) &&
  !isBlocked(delivery, all);

/** Calls a delivery off. */
export const supersede = (delivery: Delivery): Delivery => ({
  ...delivery,
  status: 'superseded',
  next_attempt_at: null,
});

/**
 * Calls off what nobody needs any more. When a resolve is owed and its trigger was never accepted, the trigger
 * is not tried again; and unless one of its attempts may have arrived, the resolve is not sent either.
 * An attempt in flight is awaited: its end settles the two.
 */
export const settle = (deliveries: readonly Delivery[]): readonly Delivery[] => {
  const calledOff = new Set<Delivery>();
  for (const resolve of deliveries) {
    if (resolve.action !== 'resolve' || resolve.status !== 'pending') continue;
    const trigger = deliveries.find(
      (other) =>
        other.action === 'trigger' && other.destination === resolve.destination && other.cycle === resolve.cycle,
    );
    if (!trigger || trigger.status === 'delivered' || trigger.leased_until !== null) continue;
    if (trigger.status === 'pending') calledOff.add(trigger);
    if (!trigger.may_have_arrived) calledOff.add(resolve);
  }
  return calledOff.size === 0
    ? deliveries
    : deliveries.map((delivery) => (calledOff.has(delivery) ? supersede(delivery) : delivery));
};

const replace = (deliveries: readonly Delivery[], changed: Delivery): readonly Delivery[] =>
  deliveries.map((delivery) => (delivery.id === changed.id ? changed : delivery));

const find = (deliveries: readonly Delivery[], id: string): Delivery | undefined =>
  deliveries.find((delivery) => delivery.id === id);

/**
 * Takes the delivery for one attempt, until `leaseUntilMs`. `begun` is false when it is not due after all.
 * A lease that ran out belongs to a process that died in its attempt: that attempt may have arrived.
 */
export const beginAttempt = (
  deliveries: readonly Delivery[],
  id: string,
  nowMs: number,
  leaseUntilMs: number,
): Deliveries & { readonly begun: boolean } => {
  const delivery = find(deliveries, id);
  if (!delivery || !isDue(delivery, deliveries, nowMs)) return { deliveries, begun: false };
  if (delivery.attempt_started_at !== null) {
    const lost = finishAttempt(deliveries, id, {
      startedAt: delivery.attempt_started_at,
      outcome: 'unknown',
      statusCode: null,
      error: 'the process that made this attempt ended before the answer came',
      endedMs: nowMs,
      nextAttemptMs: nowMs,
    });
    const settled = find(lost.deliveries, id);
    return settled?.status === 'pending'
      ? { ...lost, deliveries: lease(lost.deliveries, settled, nowMs, leaseUntilMs), begun: true }
      : { ...lost, begun: false };
  }
  return { deliveries: lease(deliveries, delivery, nowMs, leaseUntilMs), begun: true };
};

const lease = (deliveries: readonly Delivery[], delivery: Delivery, nowMs: number, untilMs: number) =>
  replace(deliveries, {
    ...delivery,
    attempt_started_at: instant(nowMs),
    leased_until: instant(untilMs),
  });

export interface AttemptEnd {
  /** When it began, which tells whose attempt ended. */
  readonly startedAt: string;
  readonly outcome: AttemptOutcome;
  readonly statusCode: number | null;
  readonly error: string | null;
  readonly endedMs: number;
  /** When to try again, or null when this attempt was the last. */
  readonly nextAttemptMs: number | null;
}

/** Records how an attempt ended, and settles what that means for the deliveries that waited for it. */
export const finishAttempt = (deliveries: readonly Delivery[], id: string, end: AttemptEnd): Deliveries => {
  const { startedAt, outcome, error, endedMs, nextAttemptMs } = end;
  const delivery = find(deliveries, id);
  if (!delivery) return { deliveries };
  if (delivery.attempt_started_at !== startedAt) return finishLate(deliveries, delivery, end);
  const number = delivery.attempts + 1;
  const retrying = outcome !== 'delivered' && nextAttemptMs !== null;
  const finished: Delivery = {
    ...delivery,
    status: outcome === 'delivered' ? 'delivered' : retrying ? 'pending' : 'failed',
    attempts: number,
    last_error: outcome === 'delivered' ? null : error,
    delivered_at: outcome === 'delivered' ? instant(endedMs) : null,
    next_attempt_at: retrying ? instant(nextAttemptMs) : null,
    attempt_started_at: null,
    leased_until: null,
    may_have_arrived: delivery.may_have_arrived || outcome === 'unknown',
  };
  return {
    deliveries: settle(replace(deliveries, finished)),
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
 * without it. If it may have arrived, then perhaps after the resolve, which must be sent again to close the page.
 */
const finishLate = (deliveries: readonly Delivery[], delivery: Delivery, end: AttemptEnd): Deliveries => {
  if (end.outcome !== 'delivered' && end.outcome !== 'unknown') return { deliveries };
  const number = delivery.attempts + 1;
  const late: Delivery = { ...delivery, attempts: number, may_have_arrived: true };
  const isLastPage = !deliveries.some(
    (other) => other.destination === delivery.destination && other.cycle > delivery.cycle,
  );
  const isItsResolve = (other: Delivery): boolean =>
    delivery.action === 'trigger' &&
    isLastPage &&
    other.destination === delivery.destination &&
    other.cycle === delivery.cycle &&
    other.action === 'resolve' &&
    (other.status === 'delivered' || other.status === 'superseded');
  return {
    deliveries: replace(deliveries, late).map((other) =>
      isItsResolve(other)
        ? { ...other, status: 'pending', delivered_at: null, next_attempt_at: instant(end.endedMs) }
        : other,
    ),
    attempt: { deliveryId: delivery.id, attempt: attemptOf(number, end) },
  };
};
