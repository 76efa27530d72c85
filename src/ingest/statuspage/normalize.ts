// What a status page says of one thing, as an observation. Each payload carries when it was fetched and what the page
// said of its own age, so that the same payload always gives the same observation.
import * as z from 'zod';
import { eventSchema, type Severity, type UnifiedEvent } from '../../domain/event.ts';
import type { Log } from '../../lib/log.ts';
import { oneLine } from '../../lib/text.ts';
import type { Normalizer, Observation, Signal } from '../../pipeline/topics.ts';
import { componentSchema, type Incident, incidentSchema } from './schema.ts';
import { componentSeverities, incidentSeverities } from './severities.ts';

/** The one component status that is no event. */
export const operational = 'operational';

const statusesOfTheEnd = ['resolved', 'postmortem', 'completed'];

const sighting = { page: z.string(), pageUpdatedAt: z.string().nullable(), fetchedAt: z.string() };

const payloadSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('incident'), ...sighting, isMaintenance: z.boolean(), incident: z.unknown() }),
  z.object({
    type: z.literal('component'),
    ...sighting,
    component: z.unknown(),
    /** The event of the outage that this component is already known to have. */
    openEventId: z.string().nullable(),
  }),
  z.object({
    type: z.literal('gone'),
    ...sighting,
    eventId: z.string(),
    startedAt: z.string(),
    reason: z.string(),
  }),
  z.object({ type: z.literal('blind'), ...sighting, since: z.string(), error: z.string() }),
]);

export type StatuspagePayload = z.infer<typeof payloadSchema>;
type Payload<T extends StatuspagePayload['type']> = Extract<StatuspagePayload, { type: T }>;

/** When something ended whose end the vendor does not tell: when the page changed, if that is later than its start. */
const derivedEnd = (startedAt: string, { pageUpdatedAt, fetchedAt }: Payload<'gone' | 'incident'>): string =>
  pageUpdatedAt !== null && pageUpdatedAt > startedAt ? pageUpdatedAt : fetchedAt;

const newestUpdate = ({ incident_updates: updates }: Incident): string | null => {
  const [first, ...others] = updates;
  if (!first) return null;
  const newest = others.reduce((a, b) => ((b.created_at ?? '') > (a.created_at ?? '') ? b : a), first);
  return newest.body;
};

const seen = (event: UnifiedEvent, rest: Partial<Extract<Observation, { type: 'seen' }>> = {}): Observation => ({
  type: 'seen',
  event: eventSchema.parse(event),
  subject: event.event_id,
  vendorUpdatedAt: null,
  revisable: true,
  resolvedAtGiven: false,
  testMode: false,
  ...rest,
});

export const createStatuspageNormalizer = (log: Log): Normalizer => {
  const severityOf = (table: ReadonlyMap<string, Severity>, word: string, what: string, signal: Signal): Severity => {
    const severity = table.get(word);
    if (severity !== undefined) return severity;
    const { source, requestId } = signal;
    log.warn({ request_id: requestId, source, [what]: word }, `${what}.unknown`);
    return 'warning';
  };

  const incidentOf = (signal: Signal, payload: Payload<'incident'>): Observation => {
    const incident = incidentSchema.parse(payload.incident);
    const scheduled = payload.isMaintenance ? incident.scheduled_for : null;
    const startedAt = scheduled ?? incident.started_at ?? incident.created_at ?? payload.fetchedAt;
    const isOver = incident.resolved_at !== null || statusesOfTheEnd.includes(incident.status);
    const impact = payload.isMaintenance ? 'maintenance' : (incident.impact ?? 'minor');
    return seen(
      {
        event_id: `${signal.source}:incident:${incident.id}`,
        source: signal.source,
        kind: 'incident',
        severity: severityOf(incidentSeverities, impact, 'impact', signal),
        service: payload.page,
        summary: oneLine(incident.name),
        description: newestUpdate(incident),
        started_at: startedAt,
        resolved_at: isOver ? (incident.resolved_at ?? derivedEnd(startedAt, payload)) : null,
        raw: payload.incident,
      },
      { vendorUpdatedAt: incident.updated_at, resolvedAtGiven: incident.resolved_at !== null },
    );
  };

  const componentOf = (signal: Signal, payload: Payload<'component'>): Observation => {
    const component = componentSchema.parse(payload.component);
    const startedAt = component.updated_at ?? payload.fetchedAt;
    const subject = `${signal.source}:component:${component.id}`;
    return seen(
      {
        event_id: payload.openEventId ?? `${subject}:${startedAt}`,
        source: signal.source,
        kind: 'status',
        severity: severityOf(componentSeverities, component.status, 'component_status', signal),
        service: component.name,
        summary: oneLine(`${component.name}: ${component.status}`),
        description: null,
        started_at: startedAt,
        resolved_at: null,
        raw: payload.component,
      },
      { subject },
    );
  };

  const blindOf = (signal: Signal, { page, since, error }: Payload<'blind'>): Observation => {
    const subject = pageSubject(signal.source);
    return seen(
      {
        event_id: `${subject}:${since}`,
        source: signal.source,
        kind: 'status',
        severity: 'warning',
        service: page,
        summary: `The status page of ${page} cannot be read`,
        description: error,
        started_at: since,
        resolved_at: null,
        raw: { page, since, error },
      },
      { subject },
    );
  };

  const goneOf = (payload: Payload<'gone'>): Observation => ({
    type: 'gone',
    eventId: payload.eventId,
    resolvedAt: derivedEnd(payload.startedAt, payload),
    reason: payload.reason,
  });

  return (signal) => {
    const payload = payloadSchema.parse(signal.payload);
    switch (payload.type) {
      case 'incident':
        return incidentOf(signal, payload);
      case 'component':
        return componentOf(signal, payload);
      case 'blind':
        return blindOf(signal, payload);
      case 'gone':
        return goneOf(payload);
    }
  };
};

/** What the event of a blind page is about: the page itself. */
export const pageSubject = (source: string): string => `${source}:page`;
