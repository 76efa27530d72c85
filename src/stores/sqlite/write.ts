// Everything that changes the file. Only what a change altered is written: an event is a kilobyte and more, while most
// changes are a sighting or a step in a delivery.
import type { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '../../delivery.ts';
import { isNews } from '../news.ts';
import { isOnlySighting, toDeliveryRow, toEventRow, toKey } from '../rows.ts';
import type { Change, EventRecord } from '../store.ts';
import { integer } from './columns.ts';
import type { StoredEvent } from './read.ts';

export interface Writer {
  /**
   * Makes of a change the writing that it needs. Whatever is wrong with the change itself is thrown here, so that the
   * writing fails only when the file does.
   * @param latest when the newest event of all was first seen
   */
  plan(stored: StoredEvent | undefined, change: Change<unknown>, latest: string): () => void;
  saveState(key: string, state: unknown): void;
  /** Removes at most `limit` events, oldest first, with all that belongs to them, and gives the numbers of their last changes. */
  prune(firstSeenBefore: string, limit: number): readonly number[];
}

const eventColumns = [
  'event_key',
  'source',
  'kind',
  'severity',
  'service_key',
  'is_open',
  'awaits_end',
  'routed',
  'undecided',
  'first_seen_at',
  'last_seen_at',
  'seen_count',
  'body',
] as const;

/** @param nextRevision gives each change that is to be told its number */
export const createWriter = (db: DatabaseSync, nextRevision: () => number): Writer => {
  const insertEvent = db.prepare(
    `INSERT INTO events (${eventColumns.join(', ')}, revision) VALUES (${eventColumns.map(() => '?').join(', ')}, ?)`,
  );
  const updateEvent = db.prepare(
    `UPDATE events SET ${eventColumns.map((name) => `${name} = ?`).join(', ')}, revision = ? WHERE sequence = ?`,
  );
  const sight = db.prepare('UPDATE events SET last_seen_at = ?, seen_count = ? WHERE sequence = ?');
  const tell = db.prepare('UPDATE events SET last_seen_at = ?, seen_count = ?, revision = ? WHERE sequence = ?');
  const putDelivery = db.prepare('INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?, ?, ?, ?)');
  const dropDeliveries = db.prepare('DELETE FROM deliveries WHERE event = ? AND ordinal >= ?');
  const addHistory = db.prepare(
    'INSERT INTO history SELECT ?1, coalesce(max(ordinal), 0) + 1, ?2 FROM history WHERE event = ?1',
  );
  const addAttempt = db.prepare(
    'INSERT INTO attempts SELECT ?1, coalesce(max(ordinal), 0) + 1, ?2, ?3 FROM attempts WHERE event = ?1',
  );
  const putState = db.prepare('INSERT OR REPLACE INTO states VALUES (?, ?)');
  const prune = db.prepare(`DELETE FROM events WHERE sequence IN (
    SELECT sequence FROM events INDEXED BY events_first_seen
    WHERE first_seen_at < ? AND awaits_end = 0 AND undecided = 0
      AND NOT EXISTS (SELECT 1 FROM deliveries WHERE event = sequence AND status = 'pending')
    ORDER BY first_seen_at, sequence LIMIT ?) RETURNING revision`);

  const values = (record: EventRecord): (string | number)[] => {
    const row = toEventRow(record);
    return eventColumns.map((column) => {
      const value = row[column];
      return typeof value === 'boolean' ? Number(value) : value;
    });
  };

  const planInsert = (record: EventRecord, latest: string): (() => number) => {
    // A clock that steps back must not put a newer event behind an older one.
    const row = values(record.first_seen_at < latest ? { ...record, first_seen_at: latest } : record);
    return () => Number(insertEvent.run(...row, nextRevision()).lastInsertRowid);
  };

  const planUpdate = ({ sequence, record: before }: StoredEvent, after: EventRecord): (() => number) => {
    if (!isOnlySighting(before, { ...after, deliveries: before.deliveries })) {
      const row = values({ ...after, first_seen_at: before.first_seen_at });
      return () => {
        updateEvent.run(...row, nextRevision(), sequence);
        return sequence;
      };
    }
    const { last_seen_at: lastSeenAt, seen_count: seenCount } = after;
    const isSighted = before.seen_count !== seenCount || before.last_seen_at !== lastSeenAt;
    const isTold = isNews(before, after);
    return () => {
      if (isTold) tell.run(lastSeenAt, seenCount, nextRevision(), sequence);
      else if (isSighted) sight.run(lastSeenAt, seenCount, sequence);
      return sequence;
    };
  };

  const planDeliveries = (before: readonly Delivery[], after: readonly Delivery[]): ((event: number) => void) => {
    const changed = after.flatMap((delivery, ordinal) =>
      delivery === before[ordinal] ? [] : [{ ordinal, row: toDeliveryRow(delivery) }],
    );
    return (event) => {
      for (const { ordinal, row } of changed) {
        putDelivery.run(event, ordinal, row.destination, row.position, row.status, row.due_at, row.body);
      }
      if (after.length < before.length) dropDeliveries.run(event, after.length);
    };
  };

  return {
    plan(stored, { record, history = [], attempt }, latest) {
      if (!stored && !record) return () => undefined;
      const writeEvent = !record ? undefined : stored ? planUpdate(stored, record) : planInsert(record, latest);
      const writeDeliveries = record && planDeliveries(stored?.record.deliveries ?? [], record.deliveries);
      const entries = history.map((entry) => JSON.stringify(entry));
      const tried = attempt && { key: toKey(attempt.deliveryId), body: JSON.stringify(attempt.attempt) };
      return () => {
        const sequence = writeEvent?.() ?? stored?.sequence;
        if (sequence === undefined) return;
        writeDeliveries?.(sequence);
        for (const entry of entries) addHistory.run(sequence, entry);
        if (tried) addAttempt.run(sequence, tried.key, tried.body);
      };
    },
    saveState(key, state) {
      putState.run(toKey(key), JSON.stringify(state));
    },
    prune: (firstSeenBefore, limit) => prune.all(firstSeenBefore, limit).map((row) => integer(row, 'revision')),
  };
};
