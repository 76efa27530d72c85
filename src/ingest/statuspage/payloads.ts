// What a summary asks for, given what is open: the one place that decides that something is over.
import { toIso } from '../../lib/time.ts';
import { operational, pageSubject, type StatuspagePayload } from './normalize.ts';
import type { Summary } from './schema.ts';

/** As much of an open event as is needed to tell that it is over. */
export interface OpenEvent {
  readonly event_id: string;
  readonly subject: string;
  readonly started_at: string;
}

/** A payload for each thing that is wrong, and for each open event of which the page shows that it is over. */
export const payloadsOf = (
  source: string,
  page: string,
  summary: Summary,
  openEvents: readonly OpenEvent[],
  nowMs: number,
): readonly StatuspagePayload[] => {
  const sighting = { page, pageUpdatedAt: summary.updatedAt, fetchedAt: toIso(nowMs) };
  const openBySubject = new Map(openEvents.map((event) => [event.subject, event]));
  const listed = new Set<string>();
  const recovered = new Set<string>();
  const payloads: StatuspagePayload[] = [];

  const incidents = (items: Summary['incidents'], isMaintenance: boolean) => {
    for (const { fields, raw } of items) {
      const subject = `${source}:incident:${fields.id}`;
      if (listed.has(subject)) continue;
      listed.add(subject);
      payloads.push({ type: 'incident', ...sighting, isMaintenance, incident: raw });
    }
  };
  incidents(summary.incidents, false);
  incidents(summary.maintenances, true);

  for (const { fields, raw } of summary.components) {
    const subject = `${source}:component:${fields.id}`;
    if (fields.status === operational) recovered.add(subject);
    else {
      listed.add(subject);
      const openEventId = openBySubject.get(subject)?.event_id ?? null;
      payloads.push({ type: 'component', ...sighting, component: raw, openEventId });
    }
  }

  // A page that was not understood as a whole may still list what seems to be missing from it.
  const isComplete = summary.malformed.length === 0;
  for (const { event_id: eventId, subject, started_at: startedAt } of openEvents) {
    const gone = (reason: string, end = sighting) =>
      payloads.push({ type: 'gone', ...end, eventId, startedAt, reason });
    if (subject === pageSubject(source)) gone('the page can be read again', { ...sighting, pageUpdatedAt: null });
    else if (recovered.has(subject)) gone('the component is operational again');
    else if (!listed.has(subject) && isComplete) gone('the page no longer lists it');
  }
  return payloads;
};
