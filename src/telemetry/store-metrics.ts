// What the store keeps and where it fails. Events and deliveries are counted here, by what was committed: no matter
// who changed them, and how often a decision was taken before one of them was kept.
import { actions, type Delivery } from '../domain/delivery.ts';
import type { ChangeKind, HistoryEntry } from '../domain/history.ts';
import { StoreUnavailable } from '../lib/errors.ts';
import type { Changes, Snapshot } from '../stores/event-store.ts';
import type { OnCommit } from '../stores/group-commit.ts';
import type { AlertMetrics } from './alert-metrics.ts';
import { type MetricFactory, quickSeconds, slowSeconds } from './metric-factory.ts';

/** The questions that are counted when the store cannot answer them. */
const operations = [
  'transact',
  'find',
  'readEvent',
  'readAlert',
  'findDelivery',
  'readRaw',
  'listEvents',
  'listAlerts',
  'listDeliveries',
  'changes',
  'ongoingEvents',
  'dueDeliveries',
  'dueAlerts',
  'stormOf',
  'backlog',
  'size',
  'loadState',
  'saveState',
  'changeState',
  'prune',
  'tryLease',
  'ping',
] as const;

export type StoreOperation = (typeof operations)[number];

export interface StoreMetrics {
  /** Counts deliveries from zero on for these. */
  begin(destinations: readonly string[]): void;
  readonly committed: OnCommit;
  kept(changes: Changes<unknown>, found: Snapshot): void;
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
const reasonOf = (status: Delivery['status'], { attempt }: Changes<unknown>): string => {
  if (status === 'delivered') return 'accepted';
  if (status === 'superseded') return 'superseded';
  if (!attempt) return 'other';
  return attempt.attempt.outcome === 'permanent' ? 'permanent' : 'too_old';
};

const batchSizes = [1, 2, 5, 10, 20, 50, 100, 200];

export const createStoreMetrics = (factory: MetricFactory, alertMetrics: Pick<AlertMetrics, 'kept'>): StoreMetrics => {
  const events = factory.counter('events_total', 'New events, as they were when first stored.', [
    'source',
    'kind',
    'severity',
  ]);
  const deliveries = factory.counter('deliveries_total', 'Deliveries that came to their end, and why.', [
    'destination',
    'action',
    'status',
    'reason',
  ]);
  const attempts = factory.counter('delivery_attempts_total', 'Attempts by how they ended.', [
    'destination',
    'action',
    'outcome',
  ]);
  const attemptDuration = factory.histogram(
    'delivery_attempt_duration_seconds',
    'How long destinations take to answer an attempt.',
    slowSeconds,
    ['destination', 'action'],
  );
  const commitDuration = factory.histogram('store_commit_duration_seconds', 'Group commits.', quickSeconds);
  const commitSize = factory.histogram('store_commit_changes', 'Changes that shared a commit.', batchSizes);
  const errors = factory.counter('store_errors_total', 'Operations that the store could not do.', [
    'operation',
    'code',
  ]);
  for (const operation of operations) errors.inc({ operation, code: 'store_unavailable' }, 0);

  const countEnd = ({ change: kind, destination, action }: HistoryEntry, changes: Changes<unknown>): void => {
    const status = endings[kind];
    if (!status || destination === undefined || action === undefined) return;
    deliveries.inc({ destination, action, status, reason: reasonOf(status, changes) });
  };

  return {
    begin(destinations) {
      for (const destination of destinations)
        for (const action of actions) {
          deliveries.inc({ destination, action, status: 'delivered', reason: 'accepted' }, 0);
          for (const reason of ['permanent', 'too_old']) {
            deliveries.inc({ destination, action, status: 'failed', reason }, 0);
          }
          attempts.inc({ destination, action, outcome: 'delivered' }, 0);
        }
    },
    committed(items, durationMs) {
      commitDuration.observe(durationMs / 1000);
      commitSize.observe(items);
    },
    kept(changes, found) {
      const { event, eventHistory = [], alerts = [], attempt } = changes;
      if (event && eventHistory.some(({ change }) => change === 'stored')) {
        const { source, kind, severity } = event.event;
        events.inc({ source, kind, severity });
      }
      for (const { history } of alerts) for (const entry of history) countEnd(entry, changes);
      alertMetrics.kept(changes, found);
      const tried =
        attempt && alerts.flatMap(({ alert }) => alert.deliveries).find(({ id }) => id === attempt.deliveryId);
      if (!tried) return;
      attempts.inc({ destination: tried.destination, action: tried.action, outcome: attempt.attempt.outcome });
    },
    failed(operation, error) {
      errors.inc({ operation, code: error instanceof StoreUnavailable ? error.code : 'other' });
    },
    attempted: (destination, action, seconds) => attemptDuration.observe({ destination, action }, seconds),
  };
};
