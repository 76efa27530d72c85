// What a fetched summary says, as observations: the same for every dialect.
import { severities } from '../../domain/event.ts';
import type { Sighting } from '../../domain/observation.ts';
import type { Log } from '../../lib/log.ts';
import type { Normalizer, Signal } from '../../pipeline/topics.ts';
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

/**
 * The order in which sightings are decided. What goes on already comes first, for an incident may name more than when
 * it was seen last. Then what is open, the most serious first, an incident before a component, and a component that
 * an incident names before others: the first opens the alert, and what belongs to it finds it.
 */
const byUrgency = (isKnown: (sighting: Sighting) => boolean, isNamed: (sighting: Sighting) => boolean) => {
  const rank = (sighting: Sighting): readonly number[] => [
    isOpen(sighting) ? 0 : 1,
    isKnown(sighting) && sighting.traits.item === 'incident' ? 0 : 1,
    -severities.indexOf(sighting.event.severity),
    sighting.traits.item === 'incident' ? 0 : 1,
    isNamed(sighting) ? 0 : 1,
  ];
  return (a: Sighting, b: Sighting): number => {
    const [left, right] = [rank(a), rank(b)];
    return left.map((value, at) => value - (right[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
  };
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

  return (signal) => {
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
      ...payload.vanishedUses.map((use) => vanishedUseSighting(source, payload, use)),
    ];
    const named = new Set(sightings.flatMap(({ traits }) => (traits.item === 'incident' ? traits.components : [])));
    const order = byUrgency(
      ({ subject }) => ongoing.has(subject),
      ({ traits }) => traits.components.some((id) => named.has(id)),
    );
    return [...sightings.toSorted(order), ...absences(source, payload)];
  };
};
