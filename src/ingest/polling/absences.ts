// The one place that decides that something is over which the status page does not call over itself.
import { believed } from '../../domain/lifecycle.ts';
import type { Absence } from '../../domain/observation.ts';
import {
  componentSubject,
  incidentSubject,
  type Ongoing,
  pageSubject,
  type SummaryPayload,
  useSubject,
} from './payload.ts';

export const laterOf = (a: string, b: string): string => (a > b ? a : b);

/** When something ended whose end the vendor does not tell: when the page changed, if that is later than its start. */
export const derivedEnd = (startedAt: string, { summary, fetchedAt }: SummaryPayload): string => {
  const updatedAt = believed(summary.updatedAt, Date.parse(fetchedAt));
  return updatedAt !== null && updatedAt > startedAt ? updatedAt : laterOf(startedAt, fetchedAt);
};

const isLongAgo = (since: string | null | undefined, { fetchedAt, staleAfterMs }: SummaryPayload): boolean =>
  typeof since === 'string' && Date.parse(fetchedAt) - Date.parse(since) >= staleAfterMs;

/**
 * Whether what a summary does not list may be taken for over. A part that was not understood may be what is missing, and
 * a page that calls itself badly broken while it lists nothing wrong is no witness until it has said so for long.
 */
const isWhole = (payload: SummaryPayload): boolean => {
  const { malformed, contradictsItself } = payload.summary;
  return malformed.count === 0 && (!contradictsItself || isLongAgo(payload.contradictsSince, payload));
};

/** Why an ongoing event is over by this summary, or undefined while it is not. */
const whyOver = (source: string, payload: SummaryPayload) => {
  const { incidents, components } = payload.summary;
  const listed = new Set([
    ...incidents.map(({ id }) => incidentSubject(source, id)),
    ...components.filter(({ isWell }) => !isWell).map(({ id }) => componentSubject(source, id)),
  ]);
  const well = new Set(components.filter(({ isWell }) => isWell).map(({ id }) => componentSubject(source, id)));
  const whole = isWhole(payload);

  return (subject: string): string | undefined => {
    if (well.has(subject)) return 'the component is operational again';
    if (listed.has(subject) || !whole) return undefined;
    if (subject.startsWith(incidentSubject(source, ''))) return 'the status page no longer lists it as open';
    // A status page may list a changing part of its components: one that it leaves out is not thereby well.
    if (subject.startsWith(componentSubject(source, '')) && isLongAgo(payload.missingSince[subject], payload))
      return 'the status page has not listed it for long';
    return undefined;
  };
};

export const absences = (source: string, payload: SummaryPayload): readonly Absence[] => {
  const reasonFor = whyOver(source, payload);
  const vanished = new Set(payload.vanishedUses.map(({ name }) => useSubject(source, name)));
  const absence = ({ event_id: eventId }: Ongoing, resolvedAt: string, reason: string): Absence => ({
    type: 'absence',
    eventId,
    scope: source,
    resolvedAt,
    reason,
  });
  return payload.ongoing.flatMap((event) => {
    const { subject, started_at: startedAt } = event;
    if (subject === pageSubject(source))
      return [absence(event, laterOf(startedAt, payload.fetchedAt), 'the status page can be read again')];
    if (subject.startsWith(useSubject(source, '')))
      return vanished.has(subject)
        ? []
        : [
            absence(
              event,
              laterOf(startedAt, payload.fetchedAt),
              'the status page lists it again, or the rules do not use it',
            ),
          ];
    const reason = reasonFor(subject);
    return reason === undefined ? [] : [absence(event, derivedEnd(startedAt, payload), reason)];
  });
};
