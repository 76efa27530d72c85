// The events of the memory store, with an index for each question that is asked about them.
import { type EventRecord, isOngoing } from '../../domain/event-record.ts';
import { isOfScope } from '../selection.ts';
import { type Arrivals, createArrivals } from './arrivals.ts';
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

export const createEventBook = (alertOf: (alertId: string) => AlertEntry | undefined): EventBook => {
  const entries = new Map<string, EventEntry>();
  const arrivals = createArrivals<EventEntry>(Object.keys(needs).length);
  const ofAlert = createGroups<EventEntry>();
  const ongoing = createGroups<EventEntry>();
  const ofScope = createGroups<EventEntry>();

  const rank = (entry: EventEntry): void => {
    const { alert_id: alertId } = entry.record;
    const inAlert = alertId === null ? 0 : (ofAlert.get(alertId)?.size ?? 0);
    arrivals.need(entry, needOf(entry.record, alertId === null ? undefined : alertOf(alertId), inAlert));
  };

  /** One event keeps its alert, of two neither does alone. */
  const rankFew = (alertId: string): void => {
    const group = ofAlert.get(alertId);
    if (group && group.size <= 2) for (const entry of group) rank(entry);
  };

  const index = (entry: EventEntry): void => {
    const { record } = entry;
    if (isOngoing(record)) ongoing.add(record.event.source, entry);
    if (isOfScope(record)) ofScope.add(record.scope, entry);
    if (record.alert_id !== null) ofAlert.add(record.alert_id, entry);
  };

  const unindex = (entry: EventEntry): void => {
    const { record } = entry;
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
      const newest = arrivals.newest()?.record.first_seen_at ?? '';
      const entry: EventEntry = {
        type: 'event',
        sequence: arrivals.take(),
        rank: needs.nothing,
        removed: false,
        revision: 0,
        record: record.first_seen_at < newest ? { ...record, first_seen_at: newest } : record,
        rawJson: null,
        history: none,
      };
      arrivals.add(entry);
      entries.set(record.event.event_id, entry);
      index(entry);
      if (record.alert_id !== null) rankFew(record.alert_id);
      rank(entry);
      return entry;
    },
    replace(entry, record) {
      const before = entry.record;
      unindex(entry);
      entry.record =
        record.first_seen_at === before.first_seen_at ? record : { ...record, first_seen_at: before.first_seen_at };
      index(entry);
      rank(entry);
      if (before.alert_id === record.alert_id) return;
      if (before.alert_id !== null) rankFew(before.alert_id);
      if (record.alert_id !== null) rankFew(record.alert_id);
    },
    drop(entry) {
      unindex(entry);
      entries.delete(entry.record.event.event_id);
      arrivals.remove(entry);
      if (entry.record.alert_id !== null) rankFew(entry.record.alert_id);
    },
    ofAlert: ofAlert.get,
    ongoing: ongoing.get,
    ofScope: ofScope.get,
  };
};
