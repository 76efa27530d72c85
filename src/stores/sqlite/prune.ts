// Retention: removes old events with all that belongs to them.
import type { DatabaseSync } from 'node:sqlite';
import { eventIdOf } from '../event-body.ts';
import { integer, text, textOrNull } from './columns.ts';
import type { EventParts } from './event-writer.ts';
import type { Recent } from './recent.ts';
import { createSequences } from './sequences.ts';
import type { StoredAlert, StoredEvent } from './stored.ts';

export interface PruneParts extends Omit<EventParts, 'recent'> {
  readonly events: Recent<StoredEvent>;
  readonly alerts: Recent<StoredAlert>;
}

/** An alert that is open, or has something pending, keeps its events. */
const isNeeded = `(alerts.state = 'open' OR EXISTS (
  SELECT 1 FROM deliveries WHERE deliveries.alert = alerts.sequence AND status = 'pending'))`;
const hasNoEvent =
  'NOT EXISTS (SELECT 1 FROM events INDEXED BY events_alert WHERE events.alert_key = alerts.alert_key)';

export const pruneSql = {
  old: `SELECT sequence, revision, alert_key, body FROM events
    WHERE sequence < ? AND ongoing IS NULL AND (alert_key IS NULL OR NOT EXISTS (
      SELECT 1 FROM alerts WHERE alerts.alert_key = events.alert_key AND ${isNeeded}))
    ORDER BY sequence LIMIT ?`,
  emptied: `SELECT sequence, revision FROM alerts WHERE alert_key = ? AND ${hasNoEvent}`,
  forsaken: `SELECT sequence, revision FROM alerts
    WHERE sequence < ? AND NOT ${isNeeded} AND ${hasNoEvent} ORDER BY sequence LIMIT ?`,
} as const;

/** @returns removes at most `limit` events, the oldest first, and tells how many */
export const createPruner = (
  db: DatabaseSync,
  { counters, combinations, keys, raws, words, events, alerts }: PruneParts,
): ((firstSeenBefore: string, limit: number) => number) => {
  const old = db.prepare(pruneSql.old);
  const emptied = db.prepare(pruneSql.emptied);
  const forsaken = db.prepare(pruneSql.forsaken);
  const dropEvent = db.prepare('DELETE FROM events WHERE sequence = ?');
  const dropAlert = db.prepare('DELETE FROM alerts WHERE sequence = ?');
  const dropDeliveries = db.prepare('DELETE FROM deliveries WHERE alert = ?');
  const seenFrom = createSequences(db, 'events', 'first_seen_at');
  const openedFrom = createSequences(db, 'alerts', 'opened_at');

  const removeEvents = (before: number, limit: number) => {
    const alertKeys = new Set<string>();
    const revisions: number[] = [];
    const rows = old.all(before, limit);
    for (const row of rows) {
      const [sequence, alertKey] = [integer(row, 'sequence'), textOrNull(row, 'alert_key')];
      dropEvent.run(sequence);
      keys.remove(eventIdOf(text(row, 'body')), sequence);
      words.remove(sequence);
      events.forget(sequence);
      revisions.push(integer(row, 'revision'));
      if (alertKey !== null) alertKeys.add(alertKey);
    }
    raws.remove(rows.map((row) => integer(row, 'sequence')));
    return { alertKeys, revisions };
  };

  const removeAlerts = (alertKeys: Iterable<string>, before: number, limit: number): readonly number[] => {
    const rows = [...[...alertKeys].flatMap((key) => emptied.all(key)), ...forsaken.all(before, limit)];
    return rows.map((row) => {
      const sequence = integer(row, 'sequence');
      dropAlert.run(sequence);
      dropDeliveries.run(sequence);
      alerts.forget(sequence);
      return integer(row, 'revision');
    });
  };

  return (firstSeenBefore, limit) => {
    const { alertKeys, revisions } = removeEvents(seenFrom.from(firstSeenBefore), limit);
    const ofAlerts = removeAlerts(alertKeys, openedFrom.from(firstSeenBefore), limit);
    if (revisions.length + ofAlerts.length === 0) return 0;
    counters.retire(Math.max(...revisions, ...ofAlerts));
    if (revisions.length < limit) combinations.prune();
    return revisions.length;
  };
};
