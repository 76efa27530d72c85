// The listing of events, newest first. `sequence` is the order; which rows are walked depends on the filters: those of an
// alert, those that have the words, those of the few combinations that match, or all of them.
import type { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '../../domain/delivery.ts';
import { deliveriesOf } from '../event-deliveries.ts';
import { createMatcher, wantedColumns } from '../event-filter.ts';
import type { EventPage, EventQuery, EventWithDeliveries } from '../event-store.ts';
import { takePage } from '../page.ts';
import { toKey } from '../rows.ts';
import { splitWords, standIn } from '../search-words.ts';
import { integer, type Row, text } from './columns.ts';
import { mergeNewestFirst } from './merge.ts';
import { createProgress } from './progress.ts';
import { readerSql } from './reader.ts';
import { beyondAll, createSequences } from './sequences.ts';
import { createStatements } from './statements.ts';
import { toDelivery, toEvent } from './stored.ts';
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
  combination: 'SELECT combination FROM events WHERE sequence = ?',
} as const;

interface Bounds {
  /** Exclusive and inclusive. */
  readonly before: number;
  readonly from: number;
}

interface Listed {
  readonly shown: EventWithDeliveries;
  readonly bytes: number;
}

export interface EventLister {
  list(query: EventQuery): EventPage;
  show(row: Row): EventWithDeliveries;
}

export const createEventLister = (db: DatabaseSync, maxScan: number): EventLister => {
  const statements = createStatements(db);
  const seenFrom = createSequences(db, 'events', 'first_seen_at');
  const indexedTo = createProgress(db, wordsProgress);
  const event = db.prepare(readerSql.event);
  const combination = db.prepare(listSql.combination);
  const raw = db.prepare('SELECT body FROM raws WHERE event = ?');
  const deliveries = db.prepare(
    'SELECT body FROM deliveries WHERE alert = (SELECT sequence FROM alerts WHERE alert_key = ?) ORDER BY ordinal',
  );

  const deliveriesOfAlert = (alertId: string): readonly Delivery[] => deliveries.all(toKey(alertId)).map(toDelivery);

  const boundsOf = ({ since, until, before }: EventQuery): Bounds => ({
    before: Math.min(before?.sequence ?? beyondAll, until === undefined ? beyondAll : seenFrom.from(until)),
    from: since === undefined ? 0 : seenFrom.from(since),
  });

  /** The numbers of the combinations that match, or null when none is asked for. */
  const matchingCombinations = (query: EventQuery): readonly number[] | null => {
    const wanted = wantedColumns(query);
    if (wanted.length === 0) return null;
    const conditions = wanted.map(({ column }) => `${column} = ?`).join(' AND ');
    const values = wanted.map(({ value }) => value);
    return statements
      .get(`SELECT id FROM combinations WHERE ${conditions}`)
      .all(...values)
      .map((row) => integer(row, 'id'));
  };

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

  const sequencesOf = (query: EventQuery, combinations: readonly number[] | null): Iterable<number> => {
    const bounds = boundsOf(query);
    const match = query.q === undefined ? null : toMatch(query.q);
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

  const show = (row: Row, ofAlert = deliveriesOfAlert): EventWithDeliveries => {
    const { record } = toEvent(row);
    const all = record.alert_id === null ? [] : ofAlert(record.alert_id);
    return { record, deliveries: deliveriesOf(record.event.event_id, all), rawJson: null };
  };

  /** An alert may have many events on one page. */
  const rememberAlerts = (): ((alertId: string) => readonly Delivery[]) => {
    const known = new Map<string, readonly Delivery[]>();
    return (alertId) => {
      const found = known.get(alertId) ?? deliveriesOfAlert(alertId);
      known.set(alertId, found);
      return found;
    };
  };

  const withRaw = (sequence: number, shown: EventWithDeliveries): EventWithDeliveries => {
    const row = raw.get(sequence);
    return row ? { ...shown, rawJson: text(row, 'body') } : shown;
  };

  return {
    show: (row) => show(row),
    list(query) {
      const combinations = matchingCombinations(query);
      if (combinations?.length === 0) return { events: [], next: null };
      const isMatching = combinations && new Set(combinations);
      const matches = createMatcher(query);
      const ofAlert = rememberAlerts();

      const accept = (sequence: number): Listed | undefined => {
        if (isMatching && !isMatching.has(integer(combination.get(sequence) ?? { combination: 0 }, 'combination'))) {
          return undefined;
        }
        const row = event.get(sequence);
        const shown = row && show(row, ofAlert);
        if (!shown || !matches(shown.record)) return undefined;
        const whole = query.withRaw ? withRaw(sequence, shown) : shown;
        return { shown: whole, bytes: text(row, 'body').length + (whole.rawJson?.length ?? 0) };
      };

      const bounds = { limit: query.limit, maxScan, maxBytes: query.maxBytes };
      const { items, next } = takePage(sequencesOf(query, combinations), bounds, accept, ({ bytes }) => bytes);
      return { events: items.map(({ shown }) => shown), next: next === undefined ? null : { sequence: next } };
    },
  };
};
