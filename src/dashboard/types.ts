// What the API answers, as far as the page shows it, from the schemas of the answers. Types only: nothing of this file
// reaches a browser.

import type { EventView as AnsweredEvent, EventDetailView as AnsweredEventDetail } from '../http/event-schema.ts';
import type { PageState } from '../ingest/polling/page-state.ts';

/** An event of `GET /events?raw=none`, and of the live stream. */
export type EventView = Readonly<Omit<AnsweredEvent, 'raw' | 'redactions'>>;

/** `GET /events/{event_id}?raw=redacted`. */
export type EventDetailView = Readonly<Omit<AnsweredEventDetail, 'redactions'>> & {
  readonly redactions: Readonly<Record<string, number>>;
};

/** In the list without `attempt_log`, in the detail with it. */
export type DeliveryView = EventView['deliveries'][number] & Partial<EventDetailView['deliveries'][number]>;
export type AttemptView = EventDetailView['deliveries'][number]['attempt_log'][number];

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
