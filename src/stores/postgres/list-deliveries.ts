// The listing of deliveries: those of the newest alert first, and of one alert the newest first.
import * as z from 'zod';
import type { DeliveryPage, DeliveryQuery } from '../event-store.ts';
import { parseDelivery, toKey } from '../rows.ts';
import type { Database } from './database.ts';
import { allOf, optional, type Piece, type Statement, statement } from './statement.ts';
import { between } from './time-bounds.ts';

const order = 'ORDER BY delivery.alert DESC, delivery.place DESC';

const filtersOf = ({ status, destination, action }: DeliveryQuery): readonly Piece[] => [
  ...optional('delivery.status = ?', status),
  ...optional('delivery.action = ?', action),
  ...optional('delivery.destination = ?', destination === undefined ? undefined : toKey(destination)),
];

/** The alert's number and time, beside its deliveries. */
const rangeOf = (query: DeliveryQuery): readonly Piece[] => [
  ...(query.before
    ? [
        [
          '(delivery.alert, delivery.place) < (?::bigint, ?::integer)',
          query.before.sequence,
          query.before.ordinal,
        ] as const,
      ]
    : []),
  ...between('alerts', 'alert', 'opened_at', query).map(
    ([sql, ...values]): Piece => [sql.replaceAll('alert.sequence', 'delivery.alert'), ...values],
  ),
];

const fromOf = ({ since, until }: DeliveryQuery): string =>
  since === undefined && until === undefined
    ? 'deliveries AS delivery'
    : 'deliveries AS delivery JOIN alerts AS alert ON alert.sequence = delivery.alert';

/** What failed or waits has an index of its own, for it is asked for most; all others are walked through. */
const isIndexed = ({ status }: DeliveryQuery): boolean => status === 'failed' || status === 'pending';

export const deliveriesStatement = (query: DeliveryQuery, maxScan: number): Statement => {
  const columns = 'delivery.alert, delivery.place, delivery.body';
  const limit: Piece = [`${order} LIMIT ?`, query.limit + 1];
  if (isIndexed(query)) {
    const filters = filtersOf({ ...query, status: undefined });
    const conditions = allOf([[`delivery.status = '${query.status}'`], ...rangeOf(query), ...filters]);
    return statement([`SELECT ${columns} FROM ${fromOf(query)} WHERE`], conditions, limit);
  }
  return statement(
    [`SELECT ${columns} FROM (SELECT delivery.* FROM ${fromOf(query)} WHERE`],
    allOf(rangeOf(query)),
    [`${order} LIMIT ?`, maxScan],
    [') AS delivery WHERE'],
    allOf(filtersOf(query)),
    limit,
  );
};

const positionColumns = { alert: z.coerce.number(), place: z.number() };
const positionRow = z.object(positionColumns);
const deliveryRow = z.object({ ...positionColumns, body: z.string() });

const toPosition = ({ alert, place }: z.infer<typeof positionRow>) => ({ sequence: alert, ordinal: place });

export const listDeliveries = (database: Database, query: DeliveryQuery, maxScan: number): Promise<DeliveryPage> =>
  database.reading(async (session) => {
    const { sql, values } = deliveriesStatement(query, maxScan);
    const found = await session.rows(deliveryRow, sql, values);
    const page = found.slice(0, query.limit);
    const deliveries = page.map(({ body }) => parseDelivery(body));
    const last = page.at(-1);
    if (found.length > query.limit) return { deliveries, next: last ? toPosition(last) : null };
    if (isIndexed(query)) return { deliveries, next: null };
    const end = statement(
      [`SELECT delivery.alert, delivery.place FROM ${fromOf(query)} WHERE`],
      allOf(rangeOf(query)),
      [`${order} OFFSET ? LIMIT 1`, maxScan - 1],
    );
    const [ended] = await session.rows(positionRow, end.sql, end.values);
    return { deliveries, next: ended ? toPosition(ended) : null };
  });
