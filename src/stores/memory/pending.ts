// What the memory store knows of deliveries that wait for their attempts.
import { type Delivery, isDue } from '../../domain/delivery.ts';
import type { Backlog, DueDelivery } from '../event-store.ts';
import { compareDue, toDueDelivery, waitLimits } from '../urgency.ts';
import type { AlertEntry } from './entries.ts';

/** The deliveries of an alert that no earlier one of the same target blocks. */
const unblocked = (deliveries: readonly Delivery[]): readonly Delivery[] => {
  const targets = new Set<string>();
  return deliveries.filter(({ status, target }) => {
    if (status !== 'pending' || targets.has(target)) return false;
    targets.add(target);
    return true;
  });
};

export const dueOf = (
  pending: ReadonlySet<AlertEntry>,
  nowMs: number,
  limit: number,
  withoutTargets: readonly string[],
): readonly DueDelivery[] => {
  const found: { readonly delivery: Delivery; readonly scope: string; readonly sequence: number }[] = [];
  for (const { alert, sequence } of pending) {
    for (const delivery of unblocked(alert.deliveries)) {
      if (withoutTargets.includes(delivery.target) || !isDue(delivery, [], nowMs, waitLimits)) continue;
      found.push({ delivery, scope: alert.scope, sequence });
    }
  }
  return found
    .sort((a, b) => compareDue(a.delivery, b.delivery) || a.sequence - b.sequence)
    .slice(0, limit)
    .map(({ delivery, scope }) => toDueDelivery(delivery, scope));
};

export const backlogOf = (pending: ReadonlySet<AlertEntry>): Backlog => {
  const byTarget = new Map<string, { pending: number; oldestCreatedAt: string }>();
  let count = 0;
  let oldest: string | null = null;
  for (const { alert } of pending) {
    for (const { status, target, created_at: createdAt } of alert.deliveries) {
      if (status !== 'pending') continue;
      count += 1;
      if (oldest === null || createdAt < oldest) oldest = createdAt;
      const known = byTarget.get(target);
      byTarget.set(target, {
        pending: (known?.pending ?? 0) + 1,
        oldestCreatedAt: known && known.oldestCreatedAt < createdAt ? known.oldestCreatedAt : createdAt,
      });
    }
  }
  return { pending: count, oldestCreatedAt: oldest, byTarget };
};
