// What a fetched summary says, as observations: the same for every dialect.
import { isWorse } from '../../domain/event.ts';
import type { Sighting } from '../../domain/observation.ts';
import type { Log } from '../../lib/log.ts';
import type { Normalizer, Signal } from '../../pipeline/topics.ts';
import { absences } from './absences.ts';
import { componentSubject, payloadSchema, type SummaryPayload } from './payload.ts';
import { blindSighting, componentSighting, incidentSighting } from './sightings.ts';

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

/** What is open first, the most serious first, an incident before a component: the first opens the alert. */
const byUrgency = (a: Sighting, b: Sighting): number => {
  if (isOpen(a) !== isOpen(b)) return isOpen(a) ? -1 : 1;
  if (a.event.severity === b.event.severity) return 0;
  return isWorse(a.event.severity, b.event.severity) ? -1 : 1;
};

export const createStatusPageNormalizer = (log: Log): Normalizer => {
  const logUnknownWords = ({ requestId, source }: Signal, payload: SummaryPayload): void => {
    for (const { what, word } of unknownWords(payload).slice(0, maxWordsLogged))
      log.warn({ request_id: requestId, source, [what]: word }, `${what}.unknown`);
  };

  return (signal) => {
    const { source } = signal;
    const payload = payloadSchema.parse(signal.payload);
    if (payload.type === 'blind') return [blindSighting(source, payload)];
    logUnknownWords(signal, payload);
    const { incidents, components } = payload.summary;
    const ongoing = new Map(payload.ongoing.map(({ subject, event_id: eventId }) => [subject, eventId]));
    const sightings = [
      ...incidents.map((incident) => incidentSighting(source, payload, incident)),
      ...components
        .filter(({ isWell }) => !isWell)
        .map((each) => componentSighting(source, payload, each, ongoing.get(componentSubject(source, each.id)))),
    ];
    return [...sightings.toSorted(byUrgency), ...absences(source, payload)];
  };
};
