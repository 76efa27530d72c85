// What the API answers, as far as the page shows it. Types only: nothing of this file reaches a browser.
import type { AttemptOutcome, DeliveryStatus } from '../../delivery.ts';
import type { Severity, UnifiedEvent } from '../../event.ts';
import type { PageState } from '../../ingest/statuspage/page-state.ts';
import type { HistoryEntry } from '../../stores/store.ts';

export interface AttemptView {
  readonly number: number;
  readonly started_at: string;
  readonly duration_ms: number;
  readonly outcome: AttemptOutcome;
  readonly status_code: number | null;
  readonly error: string | null;
}

export interface DeliveryView {
  /** By which it can be sent again. */
  readonly id?: string;
  readonly destination: string;
  readonly action: 'trigger' | 'resolve';
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly last_error: string | null;
  readonly delivered_at: string | null;
  readonly next_attempt_at: string | null;
  readonly attempt_log?: readonly AttemptView[];
}

/** An event of `GET /events?raw=none`, and of the live stream. */
export interface EventView extends Omit<UnifiedEvent, 'raw'> {
  readonly severity: Severity;
  readonly routed: boolean;
  readonly delivered_to: readonly string[];
  readonly deliveries: readonly DeliveryView[];
  readonly routing_reason: string | null;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly seen_count: number;
}

/** `GET /events/{event_id}?raw=redacted`. */
export interface EventDetailView extends EventView {
  readonly history: readonly HistoryEntry[];
  readonly raw: unknown;
  readonly redactions: Readonly<Record<string, number>>;
}

export interface PageView extends PageState {
  readonly name: string;
  readonly source: string;
}

/** What the address says: the filters of `GET /events`, and what is looked at. */
export interface View {
  readonly filters: Readonly<Record<string, string>>;
  readonly event: string | null;
  readonly range: '24h' | '7d';
}
