// The listing of alerts, newest first: a walk that ends early when it has looked at too much.
import * as z from 'zod';
import type { AlertPage, AlertQuery } from '../event-store.ts';
import { alertColumns, alertRow, toStoredAlert } from './alert-rows.ts';
import type { Database } from './database.ts';
import { allOf, optional, type Piece, type Statement, statement, storable } from './statement.ts';
import { between } from './time-bounds.ts';

/** An alert has up to 500 events, and deliveries without end. */
const maxBytes = 8 * 1024 * 1024;

const filtersOf = ({ state, severity, source }: AlertQuery): readonly Piece[] => [
  ...optional('alert.is_open = ?', state === undefined ? undefined : state === 'open'),
  ...optional('alert.severity = ?', severity),
  ...optional('alert.source = ?', source === undefined ? undefined : storable(source)),
];

const rangeOf = (query: AlertQuery): readonly Piece[] => [
  ...optional('alert.sequence < ?', query.before?.sequence),
  ...between('alerts', 'alert', 'opened_at', query),
];

const sizeSql = `octet_length(found.body) + coalesce((
  SELECT sum(octet_length(delivery.body)) FROM deliveries AS delivery WHERE delivery.alert = found.sequence), 0)`;

/** Those that are open have an index of their own; all others are walked through. */
export const alertsStatement = (query: AlertQuery, maxScan: number): Statement => {
  const order: Piece = ['ORDER BY alert.sequence DESC LIMIT ?', query.limit + 1];
  const isOpen = query.state === 'open';
  const found: readonly Piece[] = isOpen
    ? [
        ['SELECT * FROM alerts AS alert WHERE alert.is_open AND'],
        allOf([...rangeOf(query), ...filtersOf({ ...query, state: undefined })]),
        order,
      ]
    : [
        ['SELECT * FROM (SELECT * FROM alerts AS alert WHERE'],
        allOf(rangeOf(query)),
        ['ORDER BY alert.sequence DESC LIMIT ?', maxScan],
        [') AS alert WHERE'],
        allOf(filtersOf(query)),
        order,
      ];
  return statement([`SELECT found.sequence, ${sizeSql} AS size FROM (`], ...found, [
    ') AS found ORDER BY found.sequence DESC',
  ]);
};

const sizedRow = z.object({ sequence: z.coerce.number(), size: z.coerce.number() });
const endRow = z.object({ sequence: z.coerce.number() });

const alertsSql = `SELECT ${alertColumns} FROM alerts AS alert WHERE alert.sequence = ANY ($1::bigint[])
  ORDER BY alert.sequence DESC`;

const fitting = (found: readonly z.infer<typeof sizedRow>[], limit: number): readonly number[] => {
  let bytes = 0;
  const page: number[] = [];
  for (const { sequence, size } of found.slice(0, limit)) {
    bytes += size;
    if (bytes > maxBytes && page.length > 0) break;
    page.push(sequence);
  }
  return page;
};

export const listAlerts = (database: Database, query: AlertQuery, maxScan: number): Promise<AlertPage> =>
  database.reading(async (session) => {
    const { sql, values } = alertsStatement(query, maxScan);
    const found = await session.rows(sizedRow, sql, values);
    const page = fitting(found, query.limit);
    const end = statement(['SELECT alert.sequence FROM alerts AS alert WHERE'], allOf(rangeOf(query)), [
      'ORDER BY alert.sequence DESC OFFSET ? LIMIT 1',
      maxScan - 1,
    ]);
    const [rows, [ended]] = await Promise.all([
      session.rows(alertRow, alertsSql, [page]),
      found.length > query.limit || query.state === 'open' ? [] : session.rows(endRow, end.sql, end.values),
    ]);
    const next = page.length < found.length ? page.at(-1) : ended?.sequence;
    return {
      alerts: rows.map((row) => toStoredAlert(row).alert),
      next: next === undefined ? null : { sequence: next },
    };
  });
