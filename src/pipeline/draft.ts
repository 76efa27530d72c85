// What one observation makes of what is stored, while it is being decided. Each stage returns the draft with its part
// added; the transaction keeps what is in it at the end.
import type { Alert } from '../domain/alert.ts';
import type { EventRecord } from '../domain/event-record.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { Observation } from '../domain/observation.ts';
import type { AlertChange, Snapshot } from '../stores/event-store.ts';
import type { EventChange, Thread, Unchanged } from './topics.ts';

export interface Draft {
  readonly thread: Thread;
  readonly observation: Observation;
  readonly nowMs: number;
  /** What is stored. */
  readonly snapshot: Snapshot;
  /** What the observation makes of the event, once `dedupe` has told; absent when only its id is left. */
  readonly event?: EventRecord;
  readonly rawJson?: string | undefined;
  readonly change?: EventChange;
  readonly eventHistory: readonly HistoryEntry[];
  /** The alerts that change, as they will be. */
  readonly alerts: readonly AlertChange[];
  /** The alert of the event, whether it changes or not. */
  readonly alert?: Alert;
  readonly otherEvents: readonly EventRecord[];
  readonly paymentsOfAlert?: { readonly alertId: string; readonly isOpen: boolean };
  /** The event was newly handed to a destination. */
  readonly routed: boolean;
  /** Why nothing more happens to it. */
  readonly stopped?: Unchanged;
}
