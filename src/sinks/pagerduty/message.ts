// An alert as a request of PagerDuty's Events API v2.
// https://developer.pagerduty.com/docs/send-alert-event and its OpenAPI schema
import { dedupKeyOf } from '../../domain/dedup-key.ts';
import type { Severity } from '../../domain/event.ts';
import { pageOfSource } from '../../domain/status-page-name.ts';
import type { SendRequest } from '../destination.ts';
import { asideOf } from '../notice.ts';
import { alertUrl, clean, headlineOf, type Link, linksOf, othersOf } from '../wording.ts';

const maxSummaryChars = 1024;
/** These keep the whole request far below the 512 KB that PagerDuty takes, however long a vendor's texts are. */
const maxFieldChars = 1024;
const maxDescriptionChars = 16_384;
const maxListed = 50;

export interface EnqueueRequest {
  readonly routing_key: string;
  readonly event_action: 'trigger' | 'resolve';
  readonly dedup_key: string;
  readonly client: string;
  readonly client_url?: string;
  readonly links?: readonly Link[];
  readonly payload: {
    readonly summary: string;
    readonly severity: Severity;
    readonly source: string;
    readonly component: string;
    readonly group: string;
    readonly class: string;
    readonly timestamp: string;
    readonly custom_details: Readonly<Record<string, unknown>>;
  };
}

const text = (value: string): string => clean(value, maxFieldChars);

const shownFact = (fact: unknown): unknown => {
  if (typeof fact === 'string') return text(fact);
  return Array.isArray(fact) ? fact.slice(0, maxListed).map((item) => clean(String(item), 200)) : fact;
};

const customDetails = ({ delivery, alert, about, others }: SendRequest): Readonly<Record<string, unknown>> => {
  const { event, facts, testMode } = about;
  const more = delivery.action === 'resolve' ? [] : others;
  return {
    ...Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, shownFact(fact)])),
    event_id: text(event.event_id),
    alert_id: text(alert.alert_id),
    source: event.source,
    kind: event.kind,
    service: text(event.service),
    description: event.description === null ? null : clean(event.description, maxDescriptionChars),
    started_at: event.started_at,
    resolved_at: event.resolved_at,
    ...(testMode && { test_mode: true }),
    ...(more.length > 0 && { also: more.map((other) => headlineOf(other, 300)) }),
  };
};

/** PagerDuty refuses a blank summary, and an alert must not be lost over one. */
const summaryOf = (request: SendRequest, key: string): string => {
  const others = othersOf(request);
  const why = asideOf(request);
  const tail = `${others === undefined ? '' : `, ${others}`}${why === undefined ? '' : `. ${why}`}`;
  // What was missed while we were away is told by its counts, which the title has.
  if (request.alert.missed) return clean(request.alert.title, maxSummaryChars);
  return (headlineOf(request.about, maxSummaryChars - tail.length) || key) + tail;
};

export const toEnqueueRequest = (request: SendRequest, routingKey: string): EnqueueRequest => {
  const { delivery, alert, about } = request;
  const key = dedupKeyOf(delivery.key ?? alert.alert_id);
  const links = linksOf(request);
  const clientUrl = alertUrl(request);
  return {
    routing_key: routingKey,
    // PagerDuty has no updates: a trigger under a known key adds to its alert.
    event_action: delivery.action === 'resolve' ? 'resolve' : 'trigger',
    dedup_key: key,
    client: 'vendor-signals',
    ...(clientUrl !== null && { client_url: clientUrl }),
    ...(links.length > 0 && { links }),
    payload: {
      summary: summaryOf(request, key),
      severity: delivery.severity,
      source: about.event.source,
      component: text(about.event.service),
      group: pageOfSource(about.event.source),
      class: about.event.kind,
      timestamp: about.event.started_at,
      custom_details: customDetails(request),
    },
  };
};
