// What the API answers, as far as the dashboard shows it, from the schemas of the answers. Types only: nothing of this
// file reaches a browser.
import type { Explanation as AnsweredExplanation } from '../explain/explanation.ts';
import type { AlertView as AnsweredAlert, AlertDetailView as AnsweredAlertDetail } from '../http/alert-schema.ts';
import type { ListedDeliveryView as AnsweredDelivery } from '../http/delivery-schema.ts';
import type { EventView as AnsweredEvent, EventDetailView as AnsweredEventDetail } from '../http/event-schema.ts';
import type { Readiness } from '../http/routes/health.ts';
import type { RulesState } from '../http/routes/rules.ts';
import type { SilenceMatches as AnsweredMatches } from '../http/routes/silences.ts';
import type { PageState } from '../ingest/polling/page-state.ts';
import type { ListedSilence } from '../pipeline/listed-silence.ts';
import type { Report as AnsweredReport } from '../report/report.ts';
import type { DestinationState } from '../sinks/destination-states.ts';

/** An alert of `GET /alerts`, and of the live stream. */
export type AlertView = Readonly<AnsweredAlert>;
/** `GET /alerts/{alert_id}`. */
export type AlertDetailView = Readonly<AnsweredAlertDetail>;
export type AlertEventView = AlertDetailView['events'][number];
export type Facts = NonNullable<AlertEventView['facts']>;

/** An event of `GET /events?raw=none`, and of the live stream. */
export type EventView = Readonly<Omit<AnsweredEvent, 'raw' | 'redactions'>>;
/** `GET /events/{event_id}?raw=redacted`. */
export type EventDetailView = Readonly<AnsweredEventDetail>;
export type HistoryEntryView = EventDetailView['history'][number];

export type DeliveryRow = AlertView['deliveries'][number];
export type DeliveryView = Readonly<AnsweredDelivery>;
export type DestinationView = DestinationState;
export type SilenceView = ListedSilence;
/** `POST /silences/matches`. */
export type SilenceMatchesView = Readonly<AnsweredMatches>;
export type RulesView = ReturnType<RulesState['report']>;
export type ExplanationView = AnsweredExplanation;
export type ReportView = AnsweredReport;

/** `GET /readyz`. */
export type ReadinessView = Readiness;

export interface PageView extends PageState {
  readonly name: string;
  readonly source: string;
}

export type Severity = AlertView['severity'];

/** A filter of `GET /events`, as the server describes it to the form. */
export interface FilterView {
  readonly name: string;
  readonly description: string;
  /** The values that it takes; null for any text. */
  readonly values: readonly string[] | null;
  readonly type: 'text' | 'time';
}

/** What the server tells the dashboard with its HTML. */
export interface Setup {
  /** The sources that post to us, of which there is no list in the API. */
  readonly webhookSources: readonly string[];
  readonly filters: readonly FilterView[];
  readonly factNames: readonly string[];
  /** The decimals of an amount by its currency, where they are not two. */
  readonly unusualDecimals: Readonly<Record<string, number>>;
  /** What types of events mean whose own words do not say it. */
  readonly typeMeanings: Readonly<Record<string, string>>;
  readonly version: string;
  /** How many characters may be written into a field. */
  readonly maxChars: { readonly note: number; readonly because: number; readonly by: number };
}

export type ViewName =
  | 'now'
  | 'alert'
  | 'vendors'
  | 'vendor'
  | 'events'
  | 'event'
  | 'deliveries'
  | 'silences'
  | 'rules';

/** What the address says: which view, of what, and its filters. */
export interface Route {
  readonly view: ViewName;
  /** The id of what is looked at: an alert's, an event's, a vendor's source. */
  readonly id: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** The same with every value of a name that is given several times. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
}

/** A message of the live stream; `poll` stands for one where the stream is cut. */
export interface LiveMessage {
  readonly name: 'ready' | 'changed' | 'gone' | 'alert' | 'reset' | 'alive' | 'poll';
  readonly data: unknown;
}

export type Tone = 'good' | 'waiting' | 'bad' | 'none';
