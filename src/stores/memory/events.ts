// The events of the memory store, with an index for each question that is asked about them.
import { type EventRecord, isOngoing } from '../../domain/event-record.ts';
import { isOfScope } from '../selection.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
import { recordOf, rouse } from './at-rest.ts';
import { type AlertEntry, type EventEntry, none } from './entries.ts';
import { createGroups } from './groups.ts';
import { needOf, needs } from './needs.ts';

export interface EventBook {
  readonly arrivals: Arrivals<EventEntry>;
  count(): number;
  get(eventId: string): EventEntry | undefined;
  insert(record: EventRecord): EventEntry;
  replace(entry: EventEntry, record: EventRecord): void;
  drop(entry: EventEntry): void;
  /** Says that what its alert needs of it has changed. */
  rank(entry: EventEntry): void;
  ofAlert(alertId: string): ReadonlySet<EventEntry> | undefined;
  ongoing(source: string): ReadonlySet<EventEntry> | undefined;
  /** Those of the scope that others have to find; see `isOfScope`. */
  ofScope(scope: string): ReadonlySet<EventEntry> | undefined;
}

const withFirstSeen = (record: EventRecord, firstSeenAt: string): EventRecord =>
  record.first_seen_at === firstSeenAt ? record : { ...record, first_seen_at: firstSeenAt };

export const createEventBook = (alertOf: (alertId: string) => AlertEntry | undefined): EventBook => {
  const entries = new Map<string, EventEntry>();
  const arrivals = createArrivals<EventEntry>(Object.keys(needs).length);
  const ofAlert = createGroups<EventEntry>();
  const ongoing = createGroups<EventEntry>();
  const ofScope = createGroups<EventEntry>();

  const rank = (entry: EventEntry): void => {
    const record = recordOf(entry);
    const { alert_id: alertId } = record;
    const inAlert = alertId === null ? 0 : (ofAlert.get(alertId)?.size ?? 0);
    arrivals.need(entry, needOf(record, alertId === null ? undefined : alertOf(alertId), inAlert));
  };

  /** One event keeps its alert, of two neither does alone. */
  const rankFew = (alertId: string): void => {
    const group = ofAlert.get(alertId);
    if (group && group.size <= 2) for (const entry of group) rank(entry);
  };

  const index = (entry: EventEntry, record: EventRecord): void => {
    if (isOngoing(record)) ongoing.add(record.event.source, entry);
    if (isOfScope(record)) ofScope.add(record.scope, entry);
    if (record.alert_id !== null) ofAlert.add(record.alert_id, entry);
  };

  const unindex = (entry: EventEntry, record: EventRecord): void => {
    if (isOngoing(record)) ongoing.remove(record.event.source, entry);
    if (isOfScope(record)) ofScope.remove(record.scope, entry);
    if (record.alert_id !== null) ofAlert.remove(record.alert_id, entry);
  };

  return {
    arrivals,
    rank,
    count: () => entries.size,
    get: (eventId) => entries.get(eventId),
    insert(record) {
      // A clock that steps back must not put a newer event behind an older one.
      const newest = arrivals.newest()?.firstSeenAt ?? '';
      const firstSeenAt = record.first_seen_at < newest ? newest : record.first_seen_at;
      const { event_id: eventId } = record.event;
      const entry: EventEntry = {
        type: 'event',
        sequence: arrivals.take(),
        rank: needs.nothing,
        removed: false,
        revision: 0,
        eventId,
        firstSeenAt,
        content: { record: withFirstSeen(record, firstSeenAt), history: none },
        combination: none,
        rawJson: null,
      };
      arrivals.add(entry);
      entries.set(eventId, entry);
      index(entry, record);
      if (record.alert_id !== null) rankFew(record.alert_id);
      rank(entry);
      return entry;
    },
    replace(entry, record) {
      const { record: before, history } = rouse(entry);
      unindex(entry, before);
      entry.content = { record: withFirstSeen(record, entry.firstSeenAt), history };
      index(entry, record);
      rank(entry);
      if (before.alert_id === record.alert_id) return;
      if (before.alert_id !== null) rankFew(before.alert_id);
      if (record.alert_id !== null) rankFew(record.alert_id);
    },
    drop(entry) {
      entries.delete(entry.eventId);
      arrivals.remove(entry);
      // Of one at rest nothing else knows.
      if (typeof entry.content === 'string') return;
      const { record } = entry.content;
      unindex(entry, record);
      if (record.alert_id !== null) rankFew(record.alert_id);
    },
    ofAlert: ofAlert.get,
    ongoing: ongoing.get,
    ofScope: ofScope.get,
  };
};
