// What one observation makes of what is stored, while it is being decided. Each stage returns the draft with its part
// added; the transaction keeps what is in it at the end.
import type { EventRecord } from '../domain/event-record.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { EventChange } from '../domain/lifecycle.ts';
import type { Observation } from '../domain/observation.ts';
import type { Asked } from '../domain/ruling.ts';
import type { AlertChange } from '../domain/settle-alert.ts';
import type { Snapshot } from '../stores/event-store.ts';
import type { Thread, Unchanged } from './topics.ts';

export interface Draft {
  readonly thread: Thread;
  readonly observation: Observation;
  readonly nowMs: number;
  /** What the rules said of the sighting; absent where there is none, or they could not be asked. */
  readonly asked?: Asked | undefined;
  /** What is stored. */
  readonly snapshot: Snapshot;
  /** What the observation makes of the event, once `dedupe` has told; absent when only its id is left. */
  readonly event?: EventRecord;
  readonly rawJson?: string | undefined;
  readonly change?: EventChange;
  readonly eventHistory: readonly HistoryEntry[];
  /** The alerts that change, as they will be. */
  readonly alerts: readonly AlertChange[];
  /** How many alerts of its kind were told lately, outside of its scope; see domain/storm.ts. */
  readonly stormOpened: number | undefined;
  /** The event was newly handed to a destination. */
  readonly routed: boolean;
  /** Why it was or was not sent; absent when that was not decided. */
  readonly reason?: string;
  /** Why nothing more happens to it. */
  readonly stopped?: Unchanged;
}
