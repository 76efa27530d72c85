// Writes events. Only what a change altered is written: an event is a kilobyte and more, while most changes are a
// sighting.
import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../../domain/event-record.ts';
import type { HistoryEntry } from '../../domain/history.ts';
import { isOnlySighting } from '../change-feed.ts';
import { toEventBody } from '../event-body.ts';
import { addedHistorySql } from '../history-bounds.ts';
import { type EventColumns, toEventColumns, toHistoryLines } from '../rows.ts';
import type { Combinations } from './combinations.ts';
import type { Counters } from './counters.ts';
import type { EventKeys } from './event-keys.ts';
import type { Raws } from './raws.ts';
import type { Recent } from './recent.ts';
import { createStatements } from './statements.ts';
import type { StoredEvent } from './stored.ts';
import type { Words } from './words.ts';

export interface EventParts {
  readonly counters: Counters;
  readonly combinations: Combinations;
  readonly keys: EventKeys;
  readonly raws: Raws;
  readonly words: Words;
  readonly recent: Recent<StoredEvent>;
}

export interface EventWriter {
  /** Each serializes a change (bad data throws here) and returns the function that writes it. */
  planInsert(record: EventRecord, rawJson: string | undefined, history: readonly HistoryEntry[]): () => void;
  planUpdate(stored: StoredEvent, record: EventRecord): () => void;
  planHistory(sequence: number, history: readonly HistoryEntry[]): () => void;
  planRaw(sequence: number, rawJson: string): () => void;
  /** Gives the event a new number of a change. */
  tell(sequence: number): void;
}

const columns = [
  'alert_key',
  'scope_key',
  'ongoing',
  'alert_is_open',
  'last_seen_at',
  'seen_count',
] as const satisfies readonly (keyof EventColumns)[];

const toValue = (value: string | number | boolean | null): string | number | null =>
  typeof value === 'boolean' ? Number(value) : value;

export const createEventWriter = (
  db: DatabaseSync,
  { counters, combinations, keys, raws, words, recent }: EventParts,
): EventWriter => {
  const insert = db.prepare(
    `INSERT INTO events (sequence, combination, revision, first_seen_at, body, history, ${columns.join(', ')})
     VALUES (?, ?, ?, ?, ?, ?, ${columns.map(() => '?').join(', ')})`,
  );
  const addHistory = db.prepare(
    `UPDATE events SET history = ${addedHistorySql('history', '?', 'instr')} WHERE sequence = ?`,
  );
  const tell = db.prepare('UPDATE events SET revision = ? WHERE sequence = ?');
  /** One for each set of columns that change together, of which there are few. */
  const updates = createStatements(db);

  return {
    planInsert(record, rawJson, history) {
      const body = toEventBody(record);
      const lines = toHistoryLines(history);
      return () => {
        const sequence = counters.nextEvent();
        const firstSeenAt = counters.placeEvent(record.first_seen_at);
        const placed = firstSeenAt === record.first_seen_at ? record : { ...record, first_seen_at: firstSeenAt };
        const combination = combinations.idOf(record);
        const values = toEventColumns(placed);
        const rest = columns.map((column) => toValue(values[column]));
        insert.run(sequence, combination, counters.nextRevision(), firstSeenAt, body, lines, ...rest);
        if (rawJson !== undefined) raws.add(sequence, rawJson);
        keys.add(record.event.event_id, sequence);
        words.add(sequence, placed);
        recent.keep(sequence, { sequence, record: placed });
      };
    },
    planUpdate({ sequence, record: before }, changed) {
      const after =
        changed.first_seen_at === before.first_seen_at ? changed : { ...changed, first_seen_at: before.first_seen_at };
      const [old, next] = [toEventColumns(before), toEventColumns(after)];
      const altered = columns.filter((column) => old[column] !== next[column]);
      const values = altered.map((column) => toValue(next[column]));
      const isSighting = isOnlySighting(before, after);
      const body = isSighting ? '' : toEventBody(after);
      return () => {
        const assignments = altered.map((column) => `${column} = ?`);
        if (!isSighting) {
          assignments.push('body = ?', 'revision = ?');
          values.push(body, counters.nextRevision());
          const [was, is] = [combinations.idOf(before), combinations.idOf(after)];
          if (was !== is) {
            assignments.push('combination = ?');
            values.push(is);
          }
        }
        // Every column that is set costs SQLite its index, whether it holds something new or not.
        const sql = `UPDATE events SET ${assignments.join(', ')} WHERE sequence = ?`;
        if (assignments.length > 0) updates.get(sql).run(...values, sequence);
        words.replace(sequence, before, after);
        recent.keep(sequence, { sequence, record: after });
      };
    },
    planHistory(sequence, history) {
      const lines = toHistoryLines(history);
      return () => {
        if (lines !== '') addHistory.run(lines, sequence);
      };
    },
    planRaw: (sequence, rawJson) => () => raws.replace(sequence, rawJson),
    tell: (sequence) => void tell.run(counters.nextRevision(), sequence),
  };
};
