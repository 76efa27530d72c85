// What the memory store holds of each event and each alert. Lists in them are replaced, never changed, so that a
// reader that holds one keeps it as it was.
import type { Alert } from '../../domain/alert.ts';
import type { Attempt } from '../../domain/delivery.ts';
import type { EventRecord } from '../../domain/event-record.ts';
import type { HistoryEntry } from '../../domain/history.ts';
import type { Arrival } from './arrivals.ts';
import type { Changed } from './change-order.ts';

export interface EventContent {
  readonly record: EventRecord;
  readonly history: readonly HistoryEntry[];
}

export interface EventEntry extends Arrival, Changed {
  readonly type: 'event';
  readonly eventId: string;
  readonly firstSeenAt: string;
  /** As JSON while the event is at rest; see `contentOf`. */
  content: EventContent | string;
  /** The values by which an event at rest is filtered. */
  combination: readonly string[];
  rawJson: string | null;
}

export interface AlertEntry extends Arrival, Changed {
  readonly type: 'alert';
  alert: Alert;
  /** The alert's own, or that of the newest alert before it where our clock has stepped back since. */
  readonly openedAt: string;
  /** Somebody was told of it and has to be told its end, or something is still to be sent. */
  isHeld: boolean;
  history: readonly HistoryEntry[];
  attempts: ReadonlyMap<string, readonly Attempt[]>;
}

export const none: readonly never[] = [];
