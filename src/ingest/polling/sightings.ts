// What a status page shows, one sighting for each thing that it lists as wrong, planned or over.
import { worstOf } from '../../domain/alert.ts';
import { eventSchema, type Severity, type UnifiedEvent } from '../../domain/event.ts';
import { type Facts, factsSchema } from '../../domain/facts.ts';
import { believed } from '../../domain/lifecycle.ts';
import type { Sighting } from '../../domain/observation.ts';
import { oneLine } from '../../lib/text.ts';
import type { Component, Incident } from '../status-page.ts';
import { derivedEnd, laterOf } from './absences.ts';
import { componentSubject, incidentSubject, type SummaryPayload } from './payload.ts';

/** How serious a word is that the dialect does not know. */
const unknownSeverity: Severity = 'warning';

/** Facts without those that the vendor did not give. */
export const present = (facts: Readonly<Record<string, unknown>>): Facts =>
  factsSchema.parse(Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null)));

type Specifics = Pick<Sighting, 'facts' | 'subject' | 'traits'> & Partial<Sighting>;

export const sightingOf = (event: UnifiedEvent, specifics: Specifics): Sighting => ({
  type: 'sighting',
  event: eventSchema.parse(event),
  scope: event.source,
  vendorUpdatedAt: null,
  revisable: true,
  resolvedAtGiven: false,
  testMode: false,
  ...specifics,
});

const common = ({ page, summary, firstLook, isFixture = false }: SummaryPayload) => ({
  pageFacts: { page, page_name: summary.pageName },
  pageSize: summary.components.length,
  look: { testMode: isFixture, ...(firstLook && { firstLook }) },
});

/** The group of each component, by id. */
export const groupNames = ({ summary }: SummaryPayload): ReadonlyMap<string, string | null> =>
  new Map(summary.components.map(({ id, groupName }) => [id, groupName]));

/** The components that an incident names, once for each group that it is affected in. */
const withGroups = (
  components: Incident['components'],
  listed: ReadonlyMap<string, string | null>,
): NonNullable<Sighting['namedComponents']> =>
  components.flatMap(({ id, name: component, groups }) => {
    if (groups === undefined) return [{ component, group: listed.get(id) ?? null }];
    return groups === null ? [{ component }] : groups.map((group) => ({ component, group }));
  });

/** @param groups as `groupNames` gives them */
export const incidentSighting = (
  source: string,
  payload: SummaryPayload,
  incident: Incident,
  groups: ReadonlyMap<string, string | null>,
): Sighting => {
  const { pageFacts, pageSize, look } = common(payload);
  const { name, status, impact, components } = incident;
  const subject = incidentSubject(source, incident.id);
  const item = incident.isMaintenance ? 'maintenance' : 'incident';
  const startedAt = incident.startedAt ?? payload.fetchedAt;
  const end = incident.resolvedAt === null ? derivedEnd(startedAt, payload) : laterOf(startedAt, incident.resolvedAt);
  const names = components.map((component) => component.name);
  const namedComponents = withGroups(components, groups);
  return sightingOf(
    {
      event_id: subject,
      source,
      kind: 'incident',
      severity: incident.severity ?? unknownSeverity,
      service: payload.page,
      summary: oneLine(name),
      description: incident.description,
      started_at: startedAt,
      resolved_at: incident.isOver ? end : null,
      raw: incident.raw,
    },
    {
      facts: present({
        ...pageFacts,
        item,
        status,
        impact,
        components: names.length > 0 ? names : null,
        url: incident.url ?? payload.summary.url,
      }),
      subject,
      traits: { item, name, components: components.map(({ id }) => id), group: null, pageSize },
      vendorUpdatedAt: believed(incident.updatedAt, Date.parse(payload.fetchedAt)),
      resolvedAtGiven: incident.isOver && incident.resolvedAt !== null,
      ...(incident.isMaintenance && incident.startedAt !== null && { startMayMove: true }),
      ...(components.length > 0 && { namedComponents }),
      ...look,
    },
  );
};

/** How serious the worst open incident is that names the component. */
const incidentSeverityOf = (id: string, { summary }: SummaryPayload): Pick<Sighting, 'incidentSeverity'> => {
  const naming = summary.incidents.filter(
    ({ isMaintenance, isOver, components }) => !isMaintenance && !isOver && components.some((named) => named.id === id),
  );
  const worst = worstOf(naming.map(({ severity }) => ({ severity: severity ?? unknownSeverity })));
  return worst === undefined ? {} : { incidentSeverity: worst };
};

/** @param ongoingId the event of the outage that the component is already known to have */
export const componentSighting = (
  source: string,
  payload: SummaryPayload,
  component: Component,
  ongoingId: string | undefined,
): Sighting => {
  const { pageFacts, pageSize, look } = common(payload);
  const { id, name, status, groupId: group } = component;
  const subject = componentSubject(source, id);
  const startedAt = component.updatedAt ?? payload.fetchedAt;
  return sightingOf(
    {
      // An outage keeps the id of its first sighting, however often the vendor touches the component.
      event_id: ongoingId ?? `${subject}:${startedAt}`,
      source,
      kind: 'status',
      severity: component.severity ?? unknownSeverity,
      service: name,
      summary: oneLine(`${name}: ${status}`),
      description: null,
      started_at: startedAt,
      resolved_at: null,
      raw: component.raw,
    },
    {
      facts: present({
        ...pageFacts,
        item: 'component',
        status,
        component: name,
        group: component.groupName,
        url: payload.summary.url,
      }),
      subject,
      traits: { item: 'component', name: null, components: [id], group, pageSize },
      ...incidentSeverityOf(id, payload),
      ...look,
    },
  );
};
