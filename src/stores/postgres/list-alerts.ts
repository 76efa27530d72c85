// The listing of alerts, newest first: a walk that ends early when it has looked at too much.
import * as z from 'zod';
import type { AlertPage, AlertQuery } from '../event-store.ts';
import { alertColumns, alertRow, toStoredAlert } from './alert-rows.ts';
import type { Database } from './database.ts';
import { fitting, sizedRow } from './sized-rows.ts';
import { allOf, optional, type Piece, type Statement, statement, storable } from './statement.ts';
import { between } from './time-bounds.ts';

/** An alert has up to 500 events, and deliveries without end; each of them is parsed. */
const maxBytes = 2 * 1024 * 1024;

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

/** Those that are open have an index of their own; of all else, everything is looked at. */
const walkedOf = (query: AlertQuery): Piece =>
  allOf([...(query.state === 'open' ? [['alert.is_open'] as const] : []), ...rangeOf(query)]);

export const alertsStatement = (query: AlertQuery, maxScan: number): Statement =>
  statement(
    [`SELECT found.sequence, ${sizeSql} AS size FROM (SELECT * FROM (SELECT * FROM alerts AS alert WHERE`],
    walkedOf(query),
    ['ORDER BY alert.sequence DESC LIMIT ?', maxScan],
    [') AS alert WHERE'],
    allOf(filtersOf(query)),
    ['ORDER BY alert.sequence DESC LIMIT ?', query.limit + 1],
    [') AS found ORDER BY found.sequence DESC'],
  );

const endRow = z.object({ sequence: z.coerce.number() });

const alertsSql = `SELECT ${alertColumns} FROM alerts AS alert WHERE alert.sequence = ANY ($1::bigint[])
  ORDER BY alert.sequence DESC`;

export const listAlerts = (database: Database, query: AlertQuery, maxScan: number): Promise<AlertPage> =>
  database.reading(async (session) => {
    const { sql, values } = alertsStatement(query, maxScan);
    const found = await session.rows(sizedRow, sql, values);
    const page = fitting(found, query.limit, maxBytes);
    const end = statement(['SELECT alert.sequence FROM alerts AS alert WHERE'], allOf(rangeOf(query)), [
      'ORDER BY alert.sequence DESC OFFSET ? LIMIT 1',
      maxScan - 1,
    ]);
    const [rows, [ended]] = await Promise.all([
      session.rows(alertRow, alertsSql, [page]),
      found.length > query.limit ? [] : session.rows(endRow, end.sql, end.values),
    ]);
    const next = page.length < found.length ? page.at(-1) : ended?.sequence;
    return {
      alerts: rows.map((row) => toStoredAlert(row).alert),
      next: next === undefined ? null : { sequence: next },
    };
  });
