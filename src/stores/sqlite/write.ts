// Everything that changes the file. Only what a change altered is written: an event is a kilobyte and more, while most
// changes are a sighting or a step in a delivery.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Delivery } from '../../domain/delivery.ts';
import type { Change, EventRecord } from '../event-store.ts';
import { isNews } from '../news.ts';
import { type EventColumns, isOnlySighting, toDeliveryRow, toEventBody, toEventColumns, toKey } from '../rows.ts';
import { integer } from './columns.ts';
import type { StoredEvent } from './read.ts';

export interface Writer {
  /**
   * Makes of a change the writing that it needs, which gives the event as it is stored then. Whatever is wrong with the
   * change itself is thrown here, so that the writing fails only when the file does.
   * @param latest when the newest event of all was first seen
   */
  plan(stored: StoredEvent | undefined, change: Change<unknown>, latest: string): () => StoredEvent | undefined;
  saveState(key: string, state: unknown): void;
  /** Removes at most `limit` events, oldest first, with all that belongs to them, and gives the numbers of their last changes. */
  prune(firstSeenBefore: string, limit: number): readonly number[];
}

const searchColumns = [
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
] as const satisfies readonly (keyof EventColumns)[];

const toValue = (column: string | number | boolean): string | number =>
  typeof column === 'boolean' ? Number(column) : column;

/** @param nextRevision gives each change that is to be told its number */
export const createWriter = (db: DatabaseSync, nextRevision: () => number): Writer => {
  const insertEvent = db.prepare(
    `INSERT INTO events (${searchColumns.join(', ')}, body, revision) VALUES (${searchColumns.map(() => '?').join(', ')}, ?, ?)`,
  );
  /** One for each set of columns that change together, of which there are few. */
  const updates = new Map<string, StatementSync>();
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

  const planInsert = (record: EventRecord, latest: string): (() => StoredEvent) => {
    // A clock that steps back must not put a newer event behind an older one.
    const placed = record.first_seen_at < latest ? { ...record, first_seen_at: latest } : record;
    const columns = toEventColumns(placed);
    const values = searchColumns.map((column) => toValue(columns[column]));
    const body = toEventBody(placed);
    return () => ({
      sequence: Number(insertEvent.run(...values, body, nextRevision()).lastInsertRowid),
      record: placed,
    });
  };

  /** Every column that is set costs SQLite its index, whether it holds something new or not. */
  const update = (columns: readonly string[]): StatementSync => {
    const assignments = [...columns, 'body', 'revision'].map((column) => `${column} = ?`).join(', ');
    const known = updates.get(assignments);
    if (known) return known;
    const fresh = db.prepare(`UPDATE events SET ${assignments} WHERE sequence = ?`);
    updates.set(assignments, fresh);
    return fresh;
  };

  const planUpdate = ({ sequence, record: before }: StoredEvent, changed: EventRecord): (() => StoredEvent) => {
    const after =
      changed.first_seen_at === before.first_seen_at ? changed : { ...changed, first_seen_at: before.first_seen_at };
    const stored = { sequence, record: after };
    if (!isOnlySighting(before, { ...after, deliveries: before.deliveries })) {
      const [old, next] = [toEventColumns(before), toEventColumns(after)];
      const columns = searchColumns.filter((column) => old[column] !== next[column]);
      const values = columns.map((column) => toValue(next[column]));
      const body = toEventBody(after);
      return () => {
        update(columns).run(...values, body, nextRevision(), sequence);
        return stored;
      };
    }
    const { last_seen_at: lastSeenAt, seen_count: seenCount } = after;
    const isSighted = before.seen_count !== seenCount || before.last_seen_at !== lastSeenAt;
    const isTold = isNews(before, after);
    return () => {
      if (isTold) tell.run(lastSeenAt, seenCount, nextRevision(), sequence);
      else if (isSighted) sight.run(lastSeenAt, seenCount, sequence);
      return stored;
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
        const written = writeEvent?.() ?? stored;
        if (!written) return undefined;
        const { sequence } = written;
        writeDeliveries?.(sequence);
        for (const entry of entries) addHistory.run(sequence, entry);
        if (tried) addAttempt.run(sequence, tried.key, tried.body);
        return written;
      };
    },
    saveState(key, state) {
      putState.run(toKey(key), JSON.stringify(state));
    },
    prune: (firstSeenBefore, limit) => prune.all(firstSeenBefore, limit).map((row) => integer(row, 'revision')),
  };
};
