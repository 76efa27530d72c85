// In which order deliveries wait for their attempts, the same for every backend.
import { type Delivery, longestWaitMs, type WaitLimits } from '../domain/delivery.ts';
import type { DueDelivery } from './event-store.ts';

/** Beyond these a wait cannot be ours: our clock has stepped back since it was written. */
export const waitLimits: WaitLimits = { retryMs: longestWaitMs, leaseMs: longestWaitMs };

/** 0: resolves, 1: critical triggers, 2: other triggers, 3: updates. */
export const priorityOf = ({ action, severity }: Pick<Delivery, 'action' | 'severity'>): number => {
  if (action === 'resolve') return 0;
  if (action === 'update') return 3;
  return severity === 'critical' ? 1 : 2;
};

/** The most urgent first, of equal ones the oldest. */
export const compareDue = (a: Delivery, b: Delivery): number =>
  priorityOf(a) - priorityOf(b) || (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0);

export const toDueDelivery = (
  { id, alert_id, target, destination, reaches_people, action, severity, created_at, request_id }: Delivery,
  scope: string,
): DueDelivery => ({
  id,
  alert_id,
  target,
  destination,
  reaches_people,
  action,
  severity,
  created_at,
  request_id,
  scope,
});
