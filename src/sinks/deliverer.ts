// Sends what is owed until it is accepted. Every attempt is taken and recorded in the store, so that a crash loses
// neither the debt nor the knowledge that an attempt may have arrived. Short waits are p-retry's, in memory and
// holding no slot; a long one is left to the store, where recovery finds it when its time has come.
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import pRetry from 'p-retry';
import { admit, type Delivery } from '../domain/delivery.ts';
import { errorText } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { EventStore } from '../stores/event-store.ts';
import { type BackoffLimits, backoffMs } from './backoff.ts';
import type { SendRequest, SendResult, Sink } from './destination.ts';
import { type Begun, recordBegin, recordEnd } from './record.ts';

export interface DeliveryLimits extends BackoffLimits {
  readonly maxAgeSeconds: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

export interface DelivererDeps {
  readonly store: Pick<EventStore, 'change'>;
  readonly bus: Bus;
  readonly sinks: readonly Sink[];
  readonly limits: DeliveryLimits;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  /** Called when there is room again for deliveries that were turned away. */
  readonly onRoom: () => void;
}

export interface Deliverer {
  /** Resolves when no attempt is under way or waiting for a slot; those waiting for their time do not count. */
  idle(): Promise<void>;
  /** How many deliveries are being tried, or wait here for a slot or for their next attempt. */
  inHand(): number;
  /** Begins nothing new and waits for the attempts in flight. What is still owed stays in the store. */
  stop(): Promise<void>;
}

/** Above this many in hand, deliveries stay in the store until there is room. */
const maxInHand = 1000;
const longestWaitInMemoryMs = 5000;
/** By how much a lease outlives the time-out of its attempt. */
const leaseMarginMs = 8000;
/** How much of that margin is left to clocks that differ; a commit that took the rest of it came too late to send. */
const clockSkewMs = 5000;

class TryAgain extends Error {
  readonly atMs: number;
  constructor(atMs: number) {
    super('the attempt was not accepted');
    this.atMs = atMs;
  }
}

interface Job {
  readonly requestId: string;
  readonly eventId: string;
  readonly deliveryId: string;
}

export const createDeliverer = (deps: DelivererDeps): Deliverer => {
  const { store, bus, limits, log, now, random, onRoom } = deps;
  const sinks = new Map(deps.sinks.map((sink) => [sink.destination, sink]));
  const slots = pLimit({ concurrency: limits.concurrency, rejectOnClear: true });
  const stopping = new AbortController();
  const inHand = new Set<string>();
  const attempts = new Set<Promise<void>>();
  let turnedAway = false;

  /** When to try again: after the backoff or the delay asked for, whichever is longer, and at last when it is too old. */
  const nextAttemptMs = (delivery: Delivery, result: SendResult, nowMs: number): number | null => {
    const tooOldMs = Date.parse(delivery.retried_at ?? delivery.created_at) + limits.maxAgeSeconds * 1000;
    if (result.outcome === 'delivered' || result.outcome === 'permanent' || nowMs >= tooOldMs) return null;
    const waitMs = Math.max(backoffMs(delivery.attempts + 1, limits, random()), result.retryAfterMs ?? 0);
    return Math.min(nowMs + waitMs, tooOldMs);
  };

  const logAttempt = ({ event }: Begun, delivery: Delivery, result: SendResult, durationMs: number): void => {
    const line = {
      request_id: delivery.request_id,
      event_id: event.event_id,
      delivery_id: delivery.id,
      destination: delivery.destination,
      action: delivery.action,
      number: delivery.attempts,
      outcome: result.outcome,
      status_code: result.statusCode,
      duration_ms: durationMs,
      status: delivery.status,
      ...(result.outcome !== 'delivered' && { error: result.error }),
      ...(delivery.next_attempt_at !== null && { next_attempt_at: delivery.next_attempt_at }),
    };
    if (delivery.status === 'failed') log.error(line, 'delivery.failed');
    else if (result.outcome === 'delivered') log.info(line, 'delivery.attempted');
    else log.warn(line, 'delivery.attempted');
  };

  const send = async (delivery: Delivery, request: SendRequest): Promise<SendResult> => {
    const admitted = admit(delivery, sinks.get(delivery.destination));
    if ('to' in admitted) return admitted.to.send(request);
    return { outcome: 'permanent', statusCode: null, error: admitted.refused, retryAfterMs: null };
  };

  const attempt = async ({ eventId, deliveryId }: Job): Promise<void> => {
    stopping.signal.throwIfAborted();
    const begun = await store.change(eventId, (found) =>
      recordBegin(found, deliveryId, now(), now() + limits.timeoutMs + leaseMarginMs),
    );
    if (!begun) return;
    const { delivery, event } = begun;
    const { action, request_id: requestId } = delivery;
    if (Date.parse(delivery.leased_until ?? '') - now() < limits.timeoutMs + clockSkewMs) {
      log.warn({ request_id: requestId, event_id: eventId, delivery_id: deliveryId }, 'delivery.lease_too_short');
      return;
    }
    const startedMs = performance.now();
    const result = await send(delivery, { action, event, requestId });
    const ended = await store.change(eventId, (found) => {
      const nowMs = now();
      return recordEnd(found, delivery, result, nowMs, nextAttemptMs(delivery, result, nowMs));
    });
    if (!ended) return;
    logAttempt(begun, ended.delivery, result, Math.round(performance.now() - startedMs));
    if (ended.ready.length > 0) {
      const queued = { signalId: deliveryId, requestId, eventId, deliveryIds: ended.ready, triggered: false };
      bus.publish('delivery.queued', queued);
    }
    const { status, next_attempt_at: nextAttemptAt } = ended.delivery;
    if (status === 'pending' && nextAttemptAt !== null) throw new TryAgain(Date.parse(nextAttemptAt));
  };

  const tracked = (job: Job): Promise<void> => {
    const run = slots(() => attempt(job));
    const ended = run.catch(() => undefined).finally(() => attempts.delete(ended));
    attempts.add(ended);
    return run;
  };

  const waitMs = (error: Error): number => (error instanceof TryAgain ? Math.max(0, error.atMs - now()) + 1 : 0);
  const isShortWait = (error: Error): boolean => error instanceof TryAgain && waitMs(error) <= longestWaitInMemoryMs;

  const work = async (job: Job): Promise<void> => {
    try {
      await pRetry(() => tracked(job), {
        retries: Number.POSITIVE_INFINITY,
        // The wait is ours, for it was recorded with the attempt: p-retry would add its own.
        minTimeout: 0,
        signal: stopping.signal,
        onFailedAttempt: async ({ error }) => {
          if (isShortWait(error)) await sleep(waitMs(error), undefined, { signal: stopping.signal });
        },
        shouldRetry: ({ error }) => error instanceof TryAgain && error.atMs <= now(),
      });
    } catch (error) {
      if (error instanceof TryAgain || stopping.signal.aborted) return;
      log.error(
        { request_id: job.requestId, event_id: job.eventId, delivery_id: job.deliveryId, error: errorText(error) },
        'delivery.broken',
      );
    } finally {
      inHand.delete(job.deliveryId);
      if (turnedAway && inHand.size <= maxInHand / 2 && !stopping.signal.aborted) {
        turnedAway = false;
        onRoom();
      }
    }
  };

  bus.on('delivery.queued', ({ requestId, eventId, deliveryIds }) => {
    for (const deliveryId of deliveryIds) {
      if (stopping.signal.aborted || inHand.has(deliveryId)) continue;
      if (inHand.size >= maxInHand) {
        turnedAway = true;
        continue;
      }
      inHand.add(deliveryId);
      void work({ requestId, eventId, deliveryId });
    }
  });

  return {
    inHand: () => inHand.size,
    async idle() {
      while (attempts.size > 0) await Promise.all(attempts);
    },
    async stop() {
      stopping.abort();
      slots.clearQueue();
      await Promise.all(attempts);
    },
  };
};
