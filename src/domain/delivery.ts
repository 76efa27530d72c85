// A delivery is one action owed to one destination. These pure functions say who may be tried, and when a page that
// nobody has seen yet is called off; what an attempt leaves behind is in sinks/attempt.ts.
import { createHash } from 'node:crypto';
import { instant } from '../lib/time.ts';

export const actions = ['trigger', 'resolve'] as const;
export const deliveryStatuses = ['pending', 'delivered', 'failed', 'superseded'] as const;
/** `unknown`: the request may have reached the destination, but no answer came back. */
export const attemptOutcomes = ['delivered', 'transient', 'throttled', 'permanent', 'unknown'] as const;
export type Action = (typeof actions)[number];
export type DeliveryStatus = (typeof deliveryStatuses)[number];
export type AttemptOutcome = (typeof attemptOutcomes)[number];

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
  /** When it was last owed anew by hand, from when on its age is counted; absent when it never was. */
  readonly retried_at?: string;
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

/**
 * Whether a delivery may go to what is configured under its destination's name by now. The mock and the real PagerDuty
 * share a name, and what was owed to the one must never be sent to the other.
 */
export const admit = <T extends { readonly reachesPeople: boolean }>(
  { destination, reaches_people: reachesPeople }: Pick<Delivery, 'destination' | 'reaches_people'>,
  configured: T | undefined,
): { readonly to: T } | { readonly refused: string } => {
  if (!configured) return { refused: `the destination "${destination}" is not configured any more` };
  if (configured.reachesPeople === reachesPeople) return { to: configured };
  const owedTo = reachesPeople ? 'a real PagerDuty' : 'the mock';
  return { refused: `it was owed to ${owedTo}, which is not the one that is configured by now` };
};

/** Owes once more what had failed, with its whole age before it. */
export const oweAgain = (failed: Delivery, requestId: string, nowMs: number): Delivery => ({
  ...failed,
  status: 'pending',
  retried_at: instant(nowMs),
  next_attempt_at: instant(nowMs),
  request_id: requestId,
});

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
