// Finds single events and alerts, as the transaction that runs just now sees them.
import type { DatabaseSync } from 'node:sqlite';
import { maxMembers } from '../../domain/alert.ts';
import { type EventRecord, holdsOpen } from '../../domain/event-record.ts';
import { toKey } from '../rows.ts';
import { integer } from './columns.ts';
import type { EventKeys } from './event-keys.ts';
import type { Recent } from './recent.ts';
import { eventColumns, type StoredAlert, type StoredEvent, toAlert, toDelivery, toEvent } from './stored.ts';

/** The statements, by what they find; INDEXED BY makes one that cannot use its index an error. */
export const readerSql = {
  event: `SELECT ${eventColumns} FROM events WHERE sequence = ?`,
  eventsAfter: `SELECT ${eventColumns} FROM events WHERE sequence > ? ORDER BY sequence`,
  eventsOfAlert: `SELECT ${eventColumns} FROM events INDEXED BY events_alert WHERE alert_key = ? ORDER BY sequence`,
  ofScope: `SELECT ${eventColumns} FROM events INDEXED BY events_ending
    WHERE scope_key = ? ORDER BY sequence DESC LIMIT ?`,
  ongoing: `SELECT ${eventColumns} FROM events INDEXED BY events_ongoing WHERE ongoing = ? ORDER BY sequence`,
  alert: 'SELECT sequence, body FROM alerts WHERE sequence = ?',
  alertByKey: 'SELECT sequence FROM alerts WHERE alert_key = ?',
  alertsOfScope: `SELECT sequence FROM alerts INDEXED BY alerts_scope
    WHERE scope_key = ? AND ifnull(resolved_at, '~') >= ?`,
  deliveries: 'SELECT body FROM deliveries WHERE alert = ? ORDER BY ordinal',
} as const;

export interface Reader {
  findEvent(eventId: string): StoredEvent | undefined;
  findAlert(alertId: string): StoredAlert | undefined;
  alertAt(sequence: number): StoredAlert | undefined;
  /** Of these scopes, those that are open or ended since. */
  alertSequences(scopes: readonly string[], endedSince: string): readonly number[];
  eventsAfter(sequence: number): Iterable<StoredEvent>;
  eventsOfAlert(alertId: string): Iterable<StoredEvent>;
  /** Those for which it goes on, oldest first. */
  members(alertId: string): readonly EventRecord[];
  /** Those of the scope that others have to find, the newest first, at most `limit`. */
  ofScope(scope: string, limit: number): readonly EventRecord[];
  ongoing(source: string): Iterable<StoredEvent>;
}

export const createReader = (
  db: DatabaseSync,
  keys: Pick<EventKeys, 'candidates'>,
  events: Recent<StoredEvent>,
  alerts: Pick<Recent<StoredAlert>, 'get' | 'keep'>,
): Reader => {
  const event = db.prepare(readerSql.event);
  const eventsAfter = db.prepare(readerSql.eventsAfter);
  const eventsOfAlert = db.prepare(readerSql.eventsOfAlert);
  const ofScope = db.prepare(readerSql.ofScope);
  const ongoing = db.prepare(readerSql.ongoing);
  const alert = db.prepare(readerSql.alert);
  const alertByKey = db.prepare(readerSql.alertByKey);
  const alertsOfScope = db.prepare(readerSql.alertsOfScope);
  const deliveries = db.prepare(readerSql.deliveries);

  const eventAt = (sequence: number): StoredEvent | undefined => {
    const known = events.get(sequence);
    if (known) return known;
    const row = event.get(sequence);
    return row && toEvent(row);
  };

  const alertAt = (sequence: number): StoredAlert | undefined => {
    const known = alerts.get(sequence);
    if (known) return known;
    const row = alert.get(sequence);
    if (!row) return undefined;
    const stored = toAlert(row, deliveries.all(sequence).map(toDelivery));
    alerts.keep(sequence, stored);
    return stored;
  };

  function* eventsIn(rows: Iterable<Parameters<typeof toEvent>[0]>): Iterable<StoredEvent> {
    for (const row of rows) yield toEvent(row);
  }

  return {
    findEvent(eventId) {
      for (const sequence of keys.candidates(eventId)) {
        const found = eventAt(sequence);
        if (found?.record.event.event_id === eventId) return found;
      }
      return undefined;
    },
    findAlert(alertId) {
      const row = alertByKey.get(toKey(alertId));
      return row && alertAt(integer(row, 'sequence'));
    },
    alertAt,
    alertSequences: (scopes, endedSince) =>
      scopes.flatMap((scope) => alertsOfScope.all(toKey(scope), endedSince).map((row) => integer(row, 'sequence'))),
    eventsAfter: (sequence) => eventsIn(eventsAfter.iterate(sequence)),
    eventsOfAlert: (alertId) => eventsIn(eventsOfAlert.all(toKey(alertId))),
    members(alertId) {
      const found: EventRecord[] = [];
      for (const { record } of eventsIn(eventsOfAlert.iterate(toKey(alertId)))) {
        if (found.length === maxMembers) break;
        if (holdsOpen(record)) found.push(record);
      }
      return found;
    },
    ofScope: (scope, limit) => ofScope.all(toKey(scope), limit).map((row) => toEvent(row).record),
    ongoing: (source) => eventsIn(ongoing.all(source)),
  };
};
