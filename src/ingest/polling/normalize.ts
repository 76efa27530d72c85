// What a fetched summary says, as observations: the same for every dialect.
import { isWorse, severities } from '../../domain/event.ts';
import type { Sighting } from '../../domain/observation.ts';
import type { Log } from '../../lib/log.ts';
import type { Normalizer, SeverityOf, Signal } from '../../pipeline/topics.ts';
import { absences } from './absences.ts';
import { blindSighting, vanishedUseSighting } from './page-warnings.ts';
import { componentSubject, type HistoryPayload, readPayload, type SummaryPayload } from './payload.ts';
import { componentSighting, groupNames, incidentSighting } from './sightings.ts';

/** An unknown word in many items is one line, and many of them are this many. */
const maxWordsLogged = 10;

const unknownWords = ({ summary }: SummaryPayload): readonly { what: string; word: string }[] => {
  const impacts = summary.incidents.filter(({ severity }) => severity === null);
  const statuses = summary.components.filter(({ severity }) => severity === null);
  return [
    ...[...new Set(impacts.map(({ impact }) => impact ?? ''))].map((word) => ({ what: 'impact', word })),
    ...[...new Set(statuses.map(({ status }) => status))].map((word) => ({ what: 'component_status', word })),
  ];
};

const isOpen = ({ event }: Sighting): boolean => event.resolved_at === null;

const isIncident = ({ traits }: Sighting): boolean => traits.item === 'incident';

const levelOf = ({ event }: Sighting): number => severities.indexOf(event.severity);

/**
 * The sightings in the order in which they are decided. What goes on already comes first, for an incident may name more
 * than when it was seen last. Then what is open, the most serious first, an incident before a component, and a component
 * that an incident names before others: the first opens the alert, and what belongs to it finds it.
 */
const byUrgency = (
  sightings: readonly Sighting[],
  isKnown: (sighting: Sighting) => boolean,
  severityOf: SeverityOf,
): readonly Sighting[] => {
  const named = new Set(sightings.filter(isIncident).flatMap(({ traits }) => traits.components));
  const isNamed = ({ traits }: Sighting): boolean => traits.components.some((id) => named.has(id));
  const namedParts = sightings
    .filter((each) => !isIncident(each) && isNamed(each))
    .map((each) => ({ level: levelOf(each), components: each.traits.components, severity: severityOf(each) }));

  /** An incident comes before what it names, too, where only the rules make that no more serious. */
  const incidentLevel = (incident: Sighting): number => {
    const ids = new Set(incident.traits.components);
    const severity = severityOf(incident);
    const parts = namedParts.filter(
      (part) => part.components.some((id) => ids.has(id)) && !isWorse(part.severity, severity),
    );
    return Math.max(levelOf(incident), ...parts.map(({ level }) => level));
  };

  const rank = (sighting: Sighting): readonly number[] => [
    isOpen(sighting) ? 0 : 1,
    isKnown(sighting) && isIncident(sighting) ? 0 : 1,
    -(isIncident(sighting) ? incidentLevel : levelOf)(sighting),
    isIncident(sighting) ? 0 : 1,
    isNamed(sighting) ? 0 : 1,
  ];
  const compare = (left: readonly number[], right: readonly number[]): number =>
    left.map((value, at) => value - (right[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
  return sightings
    .map((sighting) => ({ sighting, rank: rank(sighting) }))
    .toSorted((a, b) => compare(a.rank, b.rank))
    .map(({ sighting }) => sighting);
};

const missedIncidents = (source: string, payload: HistoryPayload): readonly Sighting[] => {
  const summary: SummaryPayload = { ...payload, type: 'summary' };
  const groups = groupNames(summary);
  return payload.summary.incidents.map((each) => ({
    ...incidentSighting(source, summary, each, groups),
    missed: 'over',
  }));
};

export const createStatusPageNormalizer = (log: Log): Normalizer => {
  const logUnknownWords = ({ requestId, source }: Signal, payload: SummaryPayload): void => {
    for (const { what, word } of unknownWords(payload).slice(0, maxWordsLogged))
      log.warn({ request_id: requestId, source, [what]: word }, `${what}.unknown`);
  };

  return (signal, severityOf = ({ event }) => event.severity) => {
    const { source } = signal;
    const payload = readPayload(signal.payload);
    if (payload.type === 'blind') return [blindSighting(source, payload)];
    if (payload.type === 'history') return missedIncidents(source, payload);
    logUnknownWords(signal, payload);
    const { incidents, components } = payload.summary;
    const ongoing = new Map(payload.ongoing.map(({ subject, event_id: eventId }) => [subject, eventId]));
    const groups = groupNames(payload);
    const sightings = [
      ...incidents.map((incident) => incidentSighting(source, payload, incident, groups)),
      ...components
        .filter(({ isWell }) => !isWell)
        .map((each) => componentSighting(source, payload, each, ongoing.get(componentSubject(source, each.id)))),
    ];
    sightings.push(...payload.vanishedUses.map((use) => vanishedUseSighting(source, payload, use)));
    const ordered = byUrgency(sightings, ({ subject }) => ongoing.has(subject), severityOf);
    return [...ordered, ...absences(source, payload)];
  };
};
