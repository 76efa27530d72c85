// The listings, newest first: each a walk along one index, from where the last page stopped.
import * as z from 'zod';
import type { DeliveryPage, DeliveryQuery, EventPage, EventQuery } from '../event-store.ts';
import { toKey } from '../rows.ts';
import type { Session } from './database.ts';
import { eventColumns, eventRow, hashOf, toStoredEvent } from './stored-event.ts';

interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** A condition on a row, with a `?` for each value that it compares with. */
type Condition = readonly [string, ...unknown[]];

const optional = (condition: string, value: unknown): readonly Condition[] =>
  value === undefined ? [] : [[condition, value]];

/** A cursor comes from outside, and may hold what no text of the database can. */
const storable = (text: string): string => text.replaceAll('\0', '');

const statement = (select: string, conditions: readonly Condition[], order: string, limit: number): Statement => {
  const values = conditions.flatMap(([, ...compared]) => compared);
  let number = 0;
  const where = conditions.map(([condition]) => condition.replaceAll('?', () => `$${++number}`)).join(' AND ');
  const sql = `${select} ${where && `WHERE ${where}`} ORDER BY ${order} LIMIT $${values.length + 1}`;
  // One more than is asked for tells whether there is more.
  return { sql, values: [...values, limit + 1] };
};

export const listStatement = (query: EventQuery): Statement => {
  const { source, kind, severity, service, state, routed, since, until, before, limit } = query;
  const conditions: readonly Condition[] = [
    ...optional('event.source = ?', source),
    ...optional('event.kind = ?', kind),
    ...optional('event.severity = ?', severity),
    ...optional('event.service_hash = ?', service === undefined ? undefined : hashOf(service)),
    ...optional('event.is_open = ?', state === undefined ? undefined : state === 'open'),
    ...optional('event.routed = ?', routed),
    ...optional('event.first_seen_at >= ?', since),
    ...optional('event.first_seen_at < ?', until),
    ...(before
      ? [
          [
            '(event.first_seen_at, event.sequence) < (?, ?::bigint)',
            storable(before.firstSeenAt),
            before.sequence,
          ] as const,
        ]
      : []),
  ];
  const order = 'event.first_seen_at DESC, event.sequence DESC';
  return statement(`SELECT ${eventColumns} FROM events AS event`, conditions, order, limit);
};

export const listDeliveriesStatement = (query: DeliveryQuery): Statement => {
  const { status, action, destination, since, until, before, limit } = query;
  const conditions: readonly Condition[] = [
    ...optional('status = ?', status),
    ...optional('action = ?', action),
    ...optional('destination_key = ?', destination === undefined ? undefined : toKey(destination)),
    ...optional('first_seen_at >= ?', since),
    ...optional('first_seen_at < ?', until),
    ...(before
      ? [
          [
            '(first_seen_at, event, ordinal) < (?, ?::bigint, ?::bigint)',
            storable(before.firstSeenAt),
            before.sequence,
            before.ordinal,
          ] as const,
        ]
      : []),
  ];
  const order = 'first_seen_at DESC, event DESC, ordinal DESC';
  return statement('SELECT body, first_seen_at, event, ordinal FROM deliveries', conditions, order, limit);
};

export const list = async (session: Session, query: EventQuery): Promise<EventPage> => {
  const { sql, values } = listStatement(query);
  const found = (await session.rows(eventRow, sql, values)).map(toStoredEvent);
  const page = found.slice(0, query.limit);
  const last = found.length > query.limit ? page.at(-1) : undefined;
  return {
    records: page.map(({ record }) => record),
    next: last ? { firstSeenAt: last.record.first_seen_at, sequence: last.sequence } : null,
  };
};

const deliveryRow = z.object({
  body: z.string(),
  first_seen_at: z.string(),
  event: z.coerce.number(),
  ordinal: z.number(),
});

export const listDeliveries = async (session: Session, query: DeliveryQuery): Promise<DeliveryPage> => {
  const { sql, values } = listDeliveriesStatement(query);
  const found = await session.rows(deliveryRow, sql, values);
  const page = found.slice(0, query.limit);
  const last = found.length > query.limit ? page.at(-1) : undefined;
  return {
    deliveries: page.map(({ body }) => JSON.parse(body)),
    next: last ? { firstSeenAt: last.first_seen_at, sequence: last.event, ordinal: last.ordinal } : null,
  };
};
