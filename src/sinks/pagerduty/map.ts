// The unified event as a request of PagerDuty's Events API v2.
// https://developer.pagerduty.com/docs/send-alert-event and its OpenAPI schema
import { createHash } from 'node:crypto';
import type { UnifiedEvent } from '../../domain/event.ts';
import { cut } from '../../lib/text.ts';
import type { SendRequest } from '../destination.ts';

const maxSummaryChars = 1024;
const maxDedupKeyChars = 255;
/** Keeps the whole request far below the 512 KB that PagerDuty takes, whatever a vendor wrote. */
const maxFieldChars = 1024;
const maxDescriptionChars = 16_384;

export interface EnqueueRequest {
  readonly routing_key: string;
  readonly event_action: SendRequest['action'];
  readonly dedup_key: string;
  readonly client: string;
  readonly payload: {
    readonly summary: string;
    readonly severity: UnifiedEvent['severity'];
    readonly source: string;
    readonly component: string;
    readonly group: string;
    readonly class: string;
    readonly timestamp: string;
    readonly custom_details: Readonly<Record<string, string | null>>;
  };
}

/** Text that every JSON parser takes: no NUL, no half of a surrogate pair. */
const clean = (text: string, maxChars: number): string => cut(text.replaceAll('\0', '').toWellFormed(), maxChars);

/** The key under which PagerDuty keeps the trigger and its resolve together. */
export const dedupKey = (eventId: string): string =>
  eventId.length <= maxDedupKeyChars && clean(eventId, maxDedupKeyChars) === eventId
    ? eventId
    : `sha256:${createHash('sha256').update(JSON.stringify(eventId)).digest('hex')}`;

export const toEnqueueRequest = ({ action, event }: SendRequest, routingKey: string): EnqueueRequest => {
  const { event_id: eventId, source, kind, severity, service, summary, description } = event;
  const text = (value: string) => clean(value, maxFieldChars);
  const key = dedupKey(eventId);
  return {
    routing_key: routingKey,
    event_action: action,
    dedup_key: key,
    client: 'vendor-signals',
    payload: {
      // PagerDuty refuses a blank summary, and a page must not be lost over one.
      summary: clean(summary, maxSummaryChars).trim() || key,
      severity,
      source,
      component: text(service),
      group: source.replace(/_status$/, ''),
      class: kind,
      timestamp: event.started_at,
      custom_details: {
        event_id: text(eventId),
        source,
        kind,
        service: text(service),
        description: description === null ? null : clean(description, maxDescriptionChars),
        started_at: event.started_at,
        resolved_at: event.resolved_at,
      },
    },
  };
};
