// Which rows a listing of events walks, newest first: those of an alert, those that have the words, those of the few
// combinations that match, or all of them.
import type { DatabaseSync } from 'node:sqlite';
import type { EventQuery } from '../event-store.ts';
import { toKey } from '../rows.ts';
import { splitWords, standIn } from '../search-words.ts';
import { integer } from './columns.ts';
import { mergeNewestFirst } from './merge.ts';
import { createProgress } from './progress.ts';
import { readerSql } from './reader.ts';
import { beyondAll, createSequences } from './sequences.ts';
import { createStatements } from './statements.ts';
import { toEvent } from './stored.ts';
import { toMatch, wordsProgress } from './words.ts';

/** Beyond as many combinations, all events are walked: then many of them match. */
const maxMerged = 256;
const chunkLength = 256;

const span = 'sequence < ? AND sequence >= ? ORDER BY sequence DESC LIMIT ?';
export const listSql = {
  ofCombination: `SELECT sequence FROM events INDEXED BY events_combination WHERE combination = ? AND ${span}`,
  ofAlert: `SELECT sequence FROM events INDEXED BY events_alert WHERE alert_key = ? AND ${span}`,
  all: `SELECT sequence FROM events NOT INDEXED WHERE ${span}`,
  withWords:
    'SELECT rowid AS sequence FROM words WHERE words MATCH ? AND rowid < ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?',
} as const;

interface Bounds {
  /** Exclusive and inclusive. */
  readonly before: number;
  readonly from: number;
}

/**
 * The sequences of the events that a query may have. Not all of its filters are looked at, so it may have fewer.
 * @param combinations the numbers of those that match, or null when any does
 */
export type WalkEvents = (query: EventQuery, combinations: readonly number[] | null) => Iterable<number>;

export const createEventWalk = (db: DatabaseSync): WalkEvents => {
  const statements = createStatements(db);
  const seenFrom = createSequences(db, 'events', 'first_seen_at');
  const indexedTo = createProgress(db, wordsProgress);
  const event = db.prepare(readerSql.event);

  const boundsOf = ({ since, until, before }: EventQuery): Bounds => ({
    before: Math.min(before?.sequence ?? beyondAll, until === undefined ? beyondAll : seenFrom.from(until)),
    from: since === undefined ? 0 : seenFrom.from(since),
  });

  /** In chunks: a statement that stays open would keep the log from being brought into the file. */
  function* walk(sql: string, { before, from }: Bounds, ...values: readonly (string | number)[]): Iterable<number> {
    for (let end = before; ; ) {
      const rows = statements.get(sql).all(...values, end, from, chunkLength);
      for (const row of rows) yield integer(row, 'sequence');
      const last = rows.at(-1);
      if (!last || rows.length < chunkLength) return;
      end = integer(last, 'sequence');
    }
  }

  /** The newest events are not in the index yet, and are looked at one by one. */
  function* walkWords(match: string, query: string, bounds: Bounds): Iterable<number> {
    const words = splitWords(query);
    const end = indexedTo.load() + 1;
    for (const sequence of walk(listSql.all, { before: bounds.before, from: Math.max(bounds.from, end) })) {
      const row = event.get(sequence);
      if (row && standIn(toEvent(row).record, words)) yield sequence;
    }
    yield* walk(listSql.withWords, { before: Math.min(bounds.before, end), from: bounds.from }, match);
  }

  return (query, combinations) => {
    const bounds = boundsOf(query);
    const match = toMatch(query);
    if (query.alert_id !== undefined) return walk(listSql.ofAlert, bounds, toKey(query.alert_id));
    if (match !== null && query.q !== undefined) return walkWords(match, query.q, bounds);
    if (combinations === null || combinations.length > maxMerged) return walk(listSql.all, bounds);
    return mergeNewestFirst(combinations, bounds.before, (id, before, limit) =>
      statements
        .get(listSql.ofCombination)
        .all(id, before, bounds.from, limit)
        .map((row) => integer(row, 'sequence')),
    );
  };
};
