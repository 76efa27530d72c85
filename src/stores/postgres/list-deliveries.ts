// The listing of deliveries: those of the newest alert first, and of one alert the newest first.
import * as z from 'zod';
import type { DeliveryPage, DeliveryQuery } from '../event-store.ts';
import { parseDelivery, parseTitle, toKey } from '../rows.ts';
import type { Session } from './connections.ts';
import type { Database } from './database.ts';
import { allOf, optional, type Piece, type Statement, statement } from './statement.ts';
import { between } from './time-bounds.ts';

const order = 'ORDER BY delivery.alert DESC, delivery.place DESC';

const filtersOf = ({ status, destination, action }: DeliveryQuery): readonly Piece[] => [
  ...optional('delivery.status = ?', status),
  ...optional('delivery.action = ?', action),
  ...optional('delivery.destination = ?', destination === undefined ? undefined : toKey(destination)),
];

// Asked for each row that is looked at: as a join, it would be asked for all before the first is given.
const openedAtSql = '(SELECT alert.opened_at FROM alerts AS alert WHERE alert.sequence = delivery.alert)';

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
    ([sql, ...values]): Piece => [
      sql.replace('alert.sequence', 'delivery.alert').replace('alert.opened_at', openedAtSql),
      ...values,
    ],
  ),
];

/** What failed or waits has an index of its own, for it is asked for most; of all else, everything is looked at. */
const walkedOf = (query: DeliveryQuery): Piece =>
  allOf([
    ...(query.status === 'failed' || query.status === 'pending'
      ? [[`delivery.status = '${query.status}'`] as const]
      : []),
    ...rangeOf(query),
  ]);

export const deliveriesStatement = (query: DeliveryQuery, maxScan: number): Statement =>
  statement(
    ['SELECT delivery.alert, delivery.place, delivery.body FROM (SELECT * FROM deliveries AS delivery WHERE'],
    walkedOf(query),
    [`${order} LIMIT ?`, maxScan],
    [') AS delivery WHERE'],
    allOf(filtersOf(query)),
    [`${order} LIMIT ?`, query.limit + 1],
  );

const positionColumns = { alert: z.coerce.number(), place: z.number() };
const positionRow = z.object(positionColumns);
const deliveryRow = z.object({ ...positionColumns, body: z.string() });

const toPosition = ({ alert, place }: z.infer<typeof positionRow>) => ({ sequence: alert, ordinal: place });

const alertRow = z.object({ body: z.string() });

const readTitles = async (session: Session, sequences: readonly number[]): Promise<DeliveryPage['titles']> => {
  const sql = 'SELECT body FROM alerts WHERE sequence = ANY ($1::bigint[])';
  return new Map((await session.rows(alertRow, sql, [sequences])).map(({ body }) => parseTitle(body)));
};

export const listDeliveries = (database: Database, query: DeliveryQuery, maxScan: number): Promise<DeliveryPage> =>
  database.reading(async (session) => {
    const { sql, values } = deliveriesStatement(query, maxScan);
    const found = await session.rows(deliveryRow, sql, values);
    const page = found.slice(0, query.limit);
    const deliveries = page.map(({ body }) => parseDelivery(body));
    const titles = query.withTitles
      ? await readTitles(session, [...new Set(page.map(({ alert }) => alert))])
      : new Map();
    const end = statement(
      [`SELECT delivery.alert, delivery.place FROM deliveries AS delivery WHERE`],
      walkedOf(query),
      [`${order} OFFSET ? LIMIT 1`, maxScan - 1],
    );
    const [ended] = found.length > query.limit ? page.slice(-1) : await session.rows(positionRow, end.sql, end.values);
    return { deliveries, titles, next: ended ? toPosition(ended) : null };
  });
