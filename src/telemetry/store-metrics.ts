// What the store keeps and where it fails. Events and deliveries are counted here, by what was committed: whoever
// changed them, and however often a decision was taken before one of them was kept.
import type { Delivery } from '../domain/delivery.ts';
import { StoreUnavailable } from '../lib/errors.ts';
import type { Change, ChangeKind, HistoryEntry } from '../stores/event-store.ts';
import type { OnCommit } from '../stores/group-commit.ts';
import { type Families, quickSeconds, slowSeconds } from './families.ts';

/** The questions that are counted when the store cannot answer them. */
const operations = [
  'find',
  'change',
  'read',
  'list',
  'listDeliveries',
  'findDelivery',
  'changes',
  'openEvents',
  'dueDeliveries',
  'backlog',
  'undecided',
  'loadState',
  'saveState',
  'prune',
  'lead',
  'ping',
] as const;

export type StoreOperation = (typeof operations)[number];

export interface StoreMetrics {
  readonly committed: OnCommit;
  kept(change: Change<unknown>): void;
  failed(operation: StoreOperation, error: unknown): void;
  /** How long the destination took to answer one attempt. */
  attempted(destination: string, action: Delivery['action'], seconds: number): void;
}

const endings: Readonly<Partial<Record<ChangeKind, Delivery['status']>>> = {
  delivered: 'delivered',
  delivery_failed: 'failed',
  delivery_superseded: 'superseded',
};

/** Why a delivery came to this end, in one of a few words. */
const reasonOf = (status: Delivery['status'], { attempt }: Change<unknown>): string => {
  if (status === 'delivered') return 'accepted';
  if (status === 'superseded') return 'superseded';
  if (!attempt) return 'other';
  return attempt.attempt.outcome === 'permanent' ? 'permanent' : 'too_old';
};

const batchSizes = [1, 2, 5, 10, 20, 50, 100, 200];

export const createStoreMetrics = (families: Families, destinations: readonly string[]): StoreMetrics => {
  const events = families.counter('events_total', 'New events, as they were when first stored.', [
    'source',
    'kind',
    'severity',
  ]);
  const deliveries = families.counter('deliveries_total', 'Deliveries that came to their end, and why.', [
    'destination',
    'action',
    'status',
    'reason',
  ]);
  const attempts = families.counter('delivery_attempts_total', 'Attempts by how they ended.', [
    'destination',
    'action',
    'outcome',
  ]);
  const attemptDuration = families.histogram(
    'delivery_attempt_duration_seconds',
    'How long destinations take to answer an attempt.',
    slowSeconds,
    ['destination', 'action'],
  );
  const commitDuration = families.histogram('store_commit_duration_seconds', 'Group commits.', quickSeconds);
  const commitSize = families.histogram('store_commit_changes', 'Changes that shared a commit.', batchSizes);
  const errors = families.counter('store_errors_total', 'What the store was asked for and could not do.', [
    'operation',
    'code',
  ]);
  for (const destination of destinations) {
    for (const action of ['trigger', 'resolve'] as const) {
      deliveries.inc({ destination, action, status: 'delivered', reason: 'accepted' }, 0);
      for (const reason of ['permanent', 'too_old']) {
        deliveries.inc({ destination, action, status: 'failed', reason }, 0);
      }
      attempts.inc({ destination, action, outcome: 'delivered' }, 0);
    }
  }
  for (const operation of operations) errors.inc({ operation, code: 'store_unavailable' }, 0);

  const countEnd = ({ change: kind, destination, action }: HistoryEntry, change: Change<unknown>): void => {
    const status = endings[kind];
    if (!status || destination === undefined || action === undefined) return;
    deliveries.inc({ destination, action, status, reason: reasonOf(status, change) });
  };

  return {
    committed(items, durationMs) {
      commitDuration.observe(durationMs / 1000);
      commitSize.observe(items);
    },
    kept(change) {
      const { record, history = [], attempt } = change;
      for (const entry of history) {
        if (entry.change === 'stored' && record) {
          const { source, kind, severity } = record.event;
          events.inc({ source, kind, severity });
        } else countEnd(entry, change);
      }
      const tried = attempt && record?.deliveries.find(({ id }) => id === attempt.deliveryId);
      if (!tried) return;
      attempts.inc({ destination: tried.destination, action: tried.action, outcome: attempt.attempt.outcome });
    },
    failed(operation, error) {
      errors.inc({ operation, code: error instanceof StoreUnavailable ? error.code : 'other' });
    },
    attempted: (destination, action, seconds) => attemptDuration.observe({ destination, action }, seconds),
  };
};
