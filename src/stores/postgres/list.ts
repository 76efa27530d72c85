// The listing, newest first: a walk along one index, from where the last page stopped.
import type { EventPage, EventQuery } from '../store.ts';
import type { Session } from './database.ts';
import { eventColumns, eventRow, hashOf, toStoredEvent } from './stored-event.ts';

/** Each condition, with `?` for the value that it compares with. */
const conditionsOf = (query: EventQuery): readonly (readonly [string, unknown])[] => {
  const { source, kind, severity, service, state, routed, since, until } = query;
  const conditions: readonly (readonly [string, unknown])[] = [
    ['event.source = ?', source],
    ['event.kind = ?', kind],
    ['event.severity = ?', severity],
    ['event.service_hash = ?', service === undefined ? undefined : hashOf(service)],
    ['event.is_open = ?', state === undefined ? undefined : state === 'open'],
    ['event.routed = ?', routed],
    ['event.first_seen_at >= ?', since],
    ['event.first_seen_at < ?', until],
  ];
  return conditions.filter(([, value]) => value !== undefined);
};

export const listStatement = (query: EventQuery): { readonly sql: string; readonly values: readonly unknown[] } => {
  const conditions = conditionsOf(query);
  const where = conditions.map(([condition], index) => condition.replace('?', `$${index + 1}`));
  const values = conditions.map(([, value]) => value);
  if (query.before) {
    // A cursor comes from outside, and may hold what no text of the database can.
    const firstSeenAt = query.before.firstSeenAt.replaceAll('\0', '');
    where.push(`(event.first_seen_at, event.sequence) < ($${values.length + 1}, $${values.length + 2}::bigint)`);
    values.push(firstSeenAt, query.before.sequence);
  }
  const sql = `SELECT ${eventColumns} FROM events AS event
    ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
    ORDER BY event.first_seen_at DESC, event.sequence DESC LIMIT $${values.length + 1}`;
  // One more than is asked for tells whether there is more.
  return { sql, values: [...values, query.limit + 1] };
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
