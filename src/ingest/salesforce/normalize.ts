// What the items of Salesforce's Trust say in our terms.
import { cutName } from '../../lib/text.ts';
import { hasCome } from '../../lib/time.ts';
import { maintenanceStatus } from '../maintenance-status.ts';
import type { Component, Incident } from '../status-page.ts';
import type { SalesforceIncident, SalesforceInstance, SalesforceMaintenance } from './schema.ts';
import { impactsOfTypes, incidentSeverities, instanceStates, wellWord } from './states.ts';

/** The status page's own address, where people read it. */
export const statusPageUrl = 'https://status.salesforce.com';

export const normalizeInstance = ({ key, status: word, location }: SalesforceInstance, raw: unknown): Component => {
  const state = instanceStates.get(word);
  return {
    id: key,
    name: key,
    status: state?.status ?? word,
    severity: state?.severity ?? null,
    isWell: word === wellWord,
    // What it gives as `updatedAt` is when its master data changed.
    updatedAt: null,
    groupId: location,
    groupName: location,
    raw,
  };
};

const sorted = (moments: readonly (string | null)[]): readonly string[] =>
  moments.filter((moment) => moment !== null).toSorted();

/** `performanceDegradation` as words. */
const inWords = (camel: string): string => camel.replace(/([a-z])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);

const maxServicesNamed = 5;

/** It has no title: its id tells it from another one of its kind. */
const nameOf = ({ id, type, serviceKeys, IncidentImpacts: impacts }: SalesforceIncident): string => {
  const kind = inWords(impacts.find((impact) => impact.type !== null)?.type ?? type ?? 'incident');
  const services = serviceKeys.slice(0, maxServicesNamed).join(', ');
  const more = serviceKeys.length > maxServicesNamed ? ', …' : '';
  return cutName(`Incident ${id}: ${kind}${services === '' ? '' : ` of ${services}${more}`}`);
};

/** How bad it is: the worst that it lists; else what its type says. */
const impactOf = ({ IncidentImpacts: impacts, type }: SalesforceIncident): string | null => {
  const words = impacts.flatMap(({ severity }) => severity ?? []);
  if (words.includes('major')) return 'major';
  return (
    words.find((word) => word !== 'minor') ?? words[0] ?? (type === null ? null : (impactsOfTypes.get(type) ?? type))
  );
};

const hasEnded = ({ status, IncidentImpacts: impacts }: SalesforceIncident, nowMs: number): boolean =>
  status?.toLowerCase() === 'resolved' ||
  (impacts.length > 0 && impacts.every(({ endTime }) => hasCome(endTime, nowMs)));

const newestMessage = ({ IncidentEvents: events }: SalesforceIncident): string | null =>
  events
    .filter(({ message }) => message !== null)
    .reduce((a, b) => ((b.createdAt ?? '') > a.at ? { at: b.createdAt ?? '', message: b.message } : a), {
      at: '',
      message: events[0]?.message ?? null,
    }).message;

/** @param instance the key of the one that lists it */
export const normalizeIncident = (
  fields: SalesforceIncident,
  raw: unknown,
  instance: string,
  nowMs: number,
): Incident => {
  const { id, IncidentImpacts: impacts, IncidentEvents: events } = fields;
  const impact = impactOf(fields);
  const isOver = hasEnded(fields, nowMs);
  const ends = sorted(impacts.map(({ endTime }) => endTime)).filter((end) => hasCome(end, nowMs));
  const changes = [...impacts.map(({ updatedAt }) => updatedAt), ...events.map(({ createdAt }) => createdAt)];
  return {
    id,
    name: nameOf(fields),
    status: isOver ? 'resolved' : (fields.status ?? 'Active'),
    impact,
    severity: impact === null ? 'warning' : (incidentSeverities.get(impact) ?? null),
    isMaintenance: false,
    isOver,
    startedAt: sorted(impacts.map(({ startTime }) => startTime))[0] ?? fields.createdAt,
    updatedAt: sorted([fields.updatedAt, ...changes]).at(-1) ?? null,
    resolvedAt: isOver ? (ends.at(-1) ?? null) : null,
    description: newestMessage(fields),
    url: `${statusPageUrl}/incidents/${encodeURIComponent(id)}`,
    components: [{ id: instance, name: instance }],
    raw,
  };
};

export const normalizeMaintenance = (
  fields: SalesforceMaintenance,
  raw: unknown,
  instance: string,
  nowMs: number,
): Incident => {
  const { id, name, plannedStartTime: start, plannedEndTime: end } = fields;
  const isOver = hasCome(end, nowMs);
  return {
    // Its ids are counted by themselves.
    id: `maintenance-${id}`,
    name,
    status: maintenanceStatus(start, end, nowMs),
    impact: 'maintenance',
    severity: 'info',
    isMaintenance: true,
    isOver,
    startedAt: start,
    updatedAt: fields.updatedAt,
    resolvedAt: isOver ? end : null,
    description: fields.additionalInformation,
    url: `${statusPageUrl}/maintenances/${encodeURIComponent(id)}`,
    components: [{ id: instance, name: instance }],
    raw,
  };
};
