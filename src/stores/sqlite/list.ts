// The listing, newest first. `sequence` is the order, so a page is a walk along one index from where the last one
// stopped; a span of time becomes a span of sequences first.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { toKey } from '../rows.ts';
import type { EventQuery } from '../store.ts';
import { integer, type Row } from './columns.ts';

type Bound = string | number;

interface Filter {
  readonly column: string;
  readonly index: string;
  readonly value: (query: EventQuery) => Bound | undefined;
}

/** The one that usually leaves least comes first: its index is walked, and the others are looked at on the way. */
const filters: readonly Filter[] = [
  { column: 'service_key', index: 'events_service', value: ({ service }) => service && toKey(service) },
  { column: 'source', index: 'events_source', value: ({ source }) => source },
  { column: 'severity', index: 'events_severity', value: ({ severity }) => severity },
  { column: 'kind', index: 'events_kind', value: ({ kind }) => kind },
  {
    column: 'routed',
    index: 'events_routed',
    value: ({ routed }) => (routed === undefined ? undefined : Number(routed)),
  },
  { column: 'is_open', index: 'events_open', value: ({ state }) => state && Number(state === 'open') },
];

/** The statement, and the values of its filters; the two bounds of the sequence and the limit follow them. */
export const listStatement = (query: EventQuery): { readonly sql: string; readonly values: readonly Bound[] } => {
  const columns: string[] = [];
  const values: Bound[] = [];
  let index: string | undefined;
  for (const filter of filters) {
    const value = filter.value(query);
    if (value === undefined) continue;
    index ??= filter.index;
    columns.push(`${filter.column} = ? AND `);
    values.push(value);
  }
  const sql = `SELECT sequence, body, last_seen_at, seen_count
    FROM events ${index === undefined ? 'NOT INDEXED' : `INDEXED BY ${index}`}
    WHERE ${columns.join('')}sequence < ? AND sequence >= ? ORDER BY sequence DESC LIMIT ?`;
  return { sql, values };
};

export const firstSinceSql =
  'SELECT sequence FROM events INDEXED BY events_first_seen WHERE first_seen_at >= ? ORDER BY first_seen_at LIMIT 1';

/** Gives the rows that a query asks for, and one more when there are more. */
export const createLister = (db: DatabaseSync): ((query: EventQuery) => readonly Row[]) => {
  const firstSince = db.prepare(firstSinceSql);
  /** One for each set of filters, of which there are few. */
  const statements = new Map<string, StatementSync>();

  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const fresh = db.prepare(sql);
    statements.set(sql, fresh);
    return fresh;
  };

  /** The first sequence seen at or after this time; beyond all of them when there is none. */
  const sequenceAt = (time: string): number => {
    const row = firstSince.get(time);
    return row ? integer(row, 'sequence') : Number.MAX_SAFE_INTEGER;
  };

  return (query) => {
    const { limit, before, since, until } = query;
    const end = Math.min(
      before?.sequence ?? Number.MAX_SAFE_INTEGER,
      until === undefined ? Number.MAX_SAFE_INTEGER : sequenceAt(until),
    );
    const start = since === undefined ? 0 : sequenceAt(since);
    const { sql, values } = listStatement(query);
    return prepared(sql).all(...values, end, start, limit + 1);
  };
};
