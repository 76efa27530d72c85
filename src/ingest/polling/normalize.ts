// What a fetched summary says, as observations: the same for every dialect.
import { severities } from '../../domain/event.ts';
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

type Is = (sighting: Sighting) => boolean;

const isOpen: Is = ({ event }) => event.resolved_at === null;

const isIncident: Is = ({ traits }) => traits.item === 'incident';

/**
 * The order in which sightings are decided. What goes on already comes first, for an incident may name more than when
 * it was seen last. Then what is open, the most serious first, an incident before a component, and a component that
 * an incident names before others: the first opens the alert, and what belongs to it finds it.
 */
const byUrgency = (isKnown: Is, isNamed: Is) => {
  const rank = (sighting: Sighting): readonly number[] => [
    isOpen(sighting) ? 0 : 1,
    isKnown(sighting) ? 0 : 1,
    -severities.indexOf(sighting.event.severity),
    isIncident(sighting) ? 0 : 1,
    isNamed(sighting) ? 0 : 1,
  ];
  return (a: Sighting, b: Sighting): number => {
    const [left, right] = [rank(a), rank(b)];
    return left.map((value, at) => value - (right[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
  };
};

/**
 * The sightings with the one before the others that the rules make the most serious, an incident before a component: it
 * opens the alert. The others keep their order. Component by component they lead from one to the next, whatever the
 * rules make of each.
 */
const openerFirst = (ordered: readonly Sighting[], mayOpen: Is, severityOf: SeverityOf): readonly Sighting[] => {
  const from = ordered.findIndex(mayOpen);
  if (from === -1) return ordered;
  const rank = (sighting: Sighting): number =>
    2 * severities.indexOf(severityOf(sighting)) + Number(isIncident(sighting));
  const ranks = ordered.map((each) => (mayOpen(each) ? rank(each) : -1));
  const at = ranks.indexOf(Math.max(...ranks));
  return ordered.toSpliced(at, 1).toSpliced(from, 0, ...ordered.slice(at, at + 1));
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
      ...payload.vanishedUses.map((use) => vanishedUseSighting(source, payload, use)),
    ];
    const named = new Set(sightings.filter(isIncident).flatMap(({ traits }) => traits.components));
    const isKnown: Is = (sighting) => isIncident(sighting) && ongoing.has(sighting.subject);
    const ordered = sightings.toSorted(
      byUrgency(isKnown, ({ traits }) => traits.components.some((id) => named.has(id))),
    );
    const decided = openerFirst(ordered, (each) => isOpen(each) && !isKnown(each), severityOf);
    return [...decided, ...absences(source, payload)];
  };
};
