// A list of events, newest first, that follows what changes. What belongs to it is what the server would list.

/** @import { EventView } from './types.ts' */

/**
 * The same as the filters of `GET /events` mean.
 * @param {Readonly<Record<string, string>>} filters
 * @returns {(event: EventView) => boolean}
 */
export const belongsTo = (filters) => (event) => {
  const { source, kind, severity, service, state, routed, since, until } = filters;
  const seenMs = Date.parse(event.first_seen_at);
  return (
    (!source || event.source === source) &&
    (!kind || event.kind === kind) &&
    (!severity || event.severity === severity) &&
    (!service || event.service === service) &&
    (!state || (event.resolved_at === null) === (state === 'open')) &&
    (!routed || String(event.routed) === routed) &&
    (!since || seenMs >= Date.parse(since)) &&
    (!until || seenMs < Date.parse(until))
  );
};

/**
 * The list after an event was stored or changed.
 * @param {readonly EventView[]} events newest first
 * @param {EventView} event
 * @param {(event: EventView) => boolean} belongs
 * @param {boolean} hasOlder whether the list goes on behind its end, where an older event then has its place
 * @returns {readonly EventView[]}
 */
export const withEvent = (events, event, belongs, hasOlder) => {
  const at = events.findIndex(({ event_id: id }) => id === event.event_id);
  if (!belongs(event)) return at < 0 ? events : events.toSpliced(at, 1);
  if (at >= 0) return events.with(at, event);
  const place = events.findIndex(({ first_seen_at: seenAt }) => seenAt <= event.first_seen_at);
  if (place >= 0) return events.toSpliced(place, 0, event);
  return hasOlder ? events : [...events, event];
};
