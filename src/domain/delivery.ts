// A delivery: one action of an alert for one destination, and whether it may be attempted. What an attempt leaves behind is
// attempt.ts's, and which deliveries nobody needs any more is cancel-unneeded.ts's.
import { hash } from 'node:crypto';
import * as z from 'zod';
import { toIso } from '../lib/time.ts';
import { severities } from './event.ts';

export const actions = ['trigger', 'update', 'resolve'] as const;
export const deliveryStatuses = ['pending', 'delivered', 'failed', 'superseded'] as const;
/** `unknown`: the request may have reached the destination, but no answer came back. */
export const attemptOutcomes = ['delivered', 'transient', 'throttled', 'permanent', 'unknown'] as const;
export type Action = (typeof actions)[number];
export type AttemptOutcome = (typeof attemptOutcomes)[number];

/**
 * Why it is sent: the alert opened, or opened again; an event joined; it became more serious; its words changed; it
 * ended; it eased; or the destination that should have told it failed.
 */
export const deliveryReasons = [
  'opened',
  'reopened',
  'joined',
  'louder',
  'words',
  'ended',
  'eased',
  'fallback',
] as const;
export type DeliveryReason = (typeof deliveryReasons)[number];

const moment = z.string().nullable();

export const attemptSchema = z.object({
  number: z.int(),
  started_at: z.string(),
  duration_ms: z.number(),
  outcome: z.enum(attemptOutcomes),
  status_code: z.int().nullable(),
  error: z.string().nullable(),
});
export type Attempt = Readonly<z.infer<typeof attemptSchema>>;

export const deliverySchema = z.object({
  id: z.string(),
  alert_id: z.string(),
  /** The event that it speaks of. */
  event_id: z.string(),
  /** Every event that it carries; of a resolve, the one that opened the alert. */
  event_ids: z.array(z.string()).readonly(),
  /** The destination's name when it was created. */
  destination: z.string(),
  /** The destination's identity: its type and a hash of its target, which a new name does not change. */
  target: z.string(),
  reaches_people: z.boolean(),
  action: z.enum(actions),
  reason: z.enum(deliveryReasons),
  /** How serious the event was when this was decided. */
  severity: z.enum(severities),
  /** Counts how often the alert was opened: one that is opened again is triggered again in the next cycle. */
  cycle: z.int(),
  /** The place among the alert's deliveries, in which order those of one target go out. */
  ordinal: z.int(),
  /** The key under which the destination knows the alert, where it is not the alert's id. */
  key: z.string().exactOptional(),
  status: z.enum(deliveryStatuses),
  attempts: z.int(),
  last_error: z.string().nullable(),
  created_at: z.string(),
  /** When somebody asked for it once more, from when on its age is counted. */
  retried_at: z.string().exactOptional(),
  delivered_at: moment,
  next_attempt_at: moment,
  /** While an attempt is in flight: when it began, and until when nobody else may begin one. */
  attempt_started_at: moment,
  leased_until: moment,
  /** An attempt ended without an answer, so the destination may know of it although it is not `delivered`. */
  may_have_arrived: z.boolean(),
  /** Of a resolve: whether its alert was opened again since. A version before did not note it. */
  was_reopened: z.boolean().exactOptional(),
  /** What the destination left to be remembered for the next delivery of this alert. */
  memo: z.string().exactOptional(),
  request_id: z.string(),
});
export type Delivery = Readonly<z.infer<typeof deliverySchema>>;

type NewDelivery = Pick<
  Delivery,
  | 'alert_id'
  | 'event_id'
  | 'event_ids'
  | 'destination'
  | 'target'
  | 'reaches_people'
  | 'action'
  | 'reason'
  | 'severity'
  | 'cycle'
  | 'ordinal'
  | 'request_id'
> & { readonly key?: string; readonly may_have_arrived?: boolean };

/** A new delivery. The same alert, target, action and ordinal always give the same `id`. */
export const createDelivery = (what: NewDelivery, nowMs: number, firstAttemptMs = nowMs): Delivery => ({
  ...what,
  id: `dlv_${hash('sha256', JSON.stringify([what.alert_id, what.target, what.action, what.ordinal])).slice(0, 32)}`,
  status: 'pending',
  attempts: 0,
  last_error: null,
  created_at: toIso(nowMs),
  delivered_at: null,
  next_attempt_at: toIso(firstAttemptMs),
  attempt_started_at: null,
  leased_until: null,
  may_have_arrived: what.may_have_arrived ?? false,
  ...(what.action === 'resolve' && { was_reopened: false }),
});

/** Whether a delivery must wait for an earlier one of its alert: actions at one target go strictly in order. */
export const isBlocked = (delivery: Delivery, all: readonly Delivery[]): boolean =>
  all.some(
    (other) => other.status === 'pending' && other.target === delivery.target && other.ordinal < delivery.ordinal,
  );

/** The longest time that any delivery may wait for its next attempt; a wait beyond it is a clock that stepped back. */
export const longestWaitMs = 900_000;

const isPast = (time: string | null, nowMs: number, longestMs: number): boolean => {
  if (time === null) return true;
  const ms = Date.parse(time);
  return ms <= nowMs || ms > nowMs + longestMs;
};

/** How far ahead a time may lie before it cannot be ours: our own clock has stepped back since it was written. */
export interface WaitLimits {
  readonly retryMs: number;
  readonly leaseMs: number;
  /** The time by the clock by which leases are written, where that is not ours. */
  readonly leaseNowMs?: number | undefined;
}

/** Whether an attempt may begin now: not waiting for its time, for an earlier delivery, or for another's attempt. */
export const isDue = (delivery: Delivery, all: readonly Delivery[], nowMs: number, limits: WaitLimits): boolean =>
  delivery.status === 'pending' &&
  // Once an attempt has begun, its time had come by the clock of the process that began it.
  (delivery.attempt_started_at !== null || isPast(delivery.next_attempt_at, nowMs, limits.retryMs)) &&
  isPast(delivery.leased_until, limits.leaseNowMs ?? nowMs, limits.leaseMs) &&
  !isBlocked(delivery, all);

export const findDelivery = (deliveries: readonly Delivery[], id: string): Delivery | undefined =>
  deliveries.find((delivery) => delivery.id === id);

/** Tries once more what had failed, with its whole age before it. */
export const requeue = (failed: Delivery, requestId: string, nowMs: number): Delivery => ({
  ...failed,
  status: 'pending',
  retried_at: toIso(nowMs),
  next_attempt_at: toIso(nowMs),
  request_id: requestId,
});

export const supersede = (delivery: Delivery): Delivery => ({
  ...delivery,
  status: 'superseded',
  next_attempt_at: null,
});

/** Certain to be unknown at the destination: never attempted with an unknown end, and no attempt in flight. */
export const isUnsent = (delivery: Delivery): boolean =>
  delivery.status === 'pending' && delivery.leased_until === null && !delivery.may_have_arrived;

/** Whether the destination knows, or may know, of it. */
export const mayBeKnown = (delivery: Delivery): boolean =>
  delivery.status === 'delivered' || delivery.may_have_arrived || delivery.leased_until !== null;

/**
 * Whether a delivery counts as told, so that nobody is told the same again and its end is told: it was accepted, waits to
 * be, or may have arrived although no answer came. Not what was called off, or refused for good.
 */
export const isTold = ({ status, may_have_arrived: mayHaveArrived }: Delivery): boolean =>
  mayHaveArrived || status === 'delivered' || status === 'pending';
