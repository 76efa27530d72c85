// One delivery while it is in memory.
import type { Delivery } from '../domain/delivery.ts';
import type { QueuedDelivery } from '../pipeline/topics.ts';
import type { MadeAttempt } from './record.ts';
import type { Urgency } from './urgency.ts';

/** An attempt whose end is not in the store yet. */
export interface UnrecordedAttempt extends MadeAttempt {
  readonly delivery: Delivery;
  readonly durationMs: number;
  /** Whether the destination was asked at all. */
  readonly wasSent: boolean;
  /** Whether the store knows that it began. */
  readonly isBegun: boolean;
}

export interface Job extends Urgency {
  readonly id: string;
  readonly alertId: string;
  readonly scope: string;
  readonly requestId: string;
  readonly target: string;
  /** Attempts that failed while it was in memory. */
  failures: number;
  /** Attempts that failed since its destination was well, those before it came into memory included. */
  setbacks: number;
  /** Attempts in a row to write down how it ended. */
  writes: number;
  unrecorded?: UnrecordedAttempt | undefined;
}

export const createJob = (
  { alertId, scope, requestId }: Pick<Job, 'alertId' | 'scope' | 'requestId'>,
  { id, action, severity, created_at: createdAt }: QueuedDelivery,
  target: string,
  setbacks: number,
): Job => ({
  id,
  alertId,
  scope,
  requestId,
  target,
  action,
  severity,
  createdMs: Date.parse(createdAt),
  failures: 0,
  setbacks,
  writes: 0,
});
