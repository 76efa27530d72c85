// The listings, newest first. `sequence` is the order, so a page is a walk along one index from where the last one
// stopped; a span of time becomes a span of sequences first.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DeliveryQuery, EventQuery } from '../event-store.ts';
import { toKey } from '../rows.ts';
import { integer, type Row } from './columns.ts';

type Bound = string | number;

interface Filter<Query> {
  readonly column: string;
  readonly index: string;
  readonly value: (query: Query) => Bound | undefined;
}

/** A statement, and the values of its filters; the bounds of the walk and the limit follow them. */
interface Statement {
  readonly sql: string;
  readonly values: readonly Bound[];
}

/** The one that usually leaves least comes first: its index is walked, and the others are looked at on the way. */
const eventFilters: readonly Filter<EventQuery>[] = [
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

const deliveryFilters: readonly Filter<DeliveryQuery>[] = [
  { column: 'status', index: 'deliveries_status', value: ({ status }) => status },
  { column: 'action', index: 'deliveries_action', value: ({ action }) => action },
  { column: 'destination', index: 'deliveries_destination', value: ({ destination }) => destination },
];

/** Which index is walked, the conditions on the way, and their values. */
const choose = <Query>(filters: readonly Filter<Query>[], query: Query) => {
  const given = filters.flatMap(({ value, ...filter }) => {
    const bound = value(query);
    return bound === undefined ? [] : [{ ...filter, bound }];
  });
  return {
    index: given[0] === undefined ? 'NOT INDEXED' : `INDEXED BY ${given[0].index}`,
    conditions: given.map(({ column }) => `${column} = ? AND `).join(''),
    values: given.map(({ bound }) => bound),
  };
};

export const listStatement = (query: EventQuery): Statement => {
  const { index, conditions, values } = choose(eventFilters, query);
  const sql = `SELECT sequence, body, last_seen_at, seen_count FROM events ${index}
    WHERE ${conditions}sequence < ? AND sequence >= ? ORDER BY sequence DESC LIMIT ?`;
  return { sql, values };
};

export const listDeliveriesStatement = (query: DeliveryQuery): Statement => {
  const { index, conditions, values } = choose(deliveryFilters, query);
  const sql = `SELECT event, ordinal, body, (SELECT first_seen_at FROM events WHERE sequence = event) AS first_seen_at
    FROM deliveries ${index}
    WHERE ${conditions}(event, ordinal) < (?, ?) AND event >= ? ORDER BY event DESC, ordinal DESC LIMIT ?`;
  return { sql, values };
};

export const firstSinceSql =
  'SELECT sequence FROM events INDEXED BY events_first_seen WHERE first_seen_at >= ? ORDER BY first_seen_at LIMIT 1';

/** Each gives the rows that a query asks for, and one more when there are more. */
export interface Lister {
  events(query: EventQuery): readonly Row[];
  deliveries(query: DeliveryQuery): readonly Row[];
}

const beyondAll = Number.MAX_SAFE_INTEGER;

export const createLister = (db: DatabaseSync): Lister => {
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
    return row ? integer(row, 'sequence') : beyondAll;
  };

  /** From the first of these sequences to before the second. */
  const span = ({ since, until }: Pick<EventQuery, 'since' | 'until'>): readonly [number, number] => [
    since === undefined ? 0 : sequenceAt(since),
    until === undefined ? beyondAll : sequenceAt(until),
  ];

  return {
    events(query) {
      const [start, end] = span(query);
      const { sql, values } = listStatement(query);
      return prepared(sql).all(...values, Math.min(query.before?.sequence ?? beyondAll, end), start, query.limit + 1);
    },
    deliveries(query) {
      const [start, end] = span(query);
      const { sequence, ordinal } = query.before ?? { sequence: beyondAll, ordinal: 0 };
      // Before the first delivery of the event at which the span ends, if the last page did not stop earlier.
      const bounds = end <= sequence ? [end, 0] : [sequence, ordinal];
      const { sql, values } = listDeliveriesStatement(query);
      return prepared(sql).all(...values, ...bounds, start, query.limit + 1);
    },
  };
};
