// `changes` of the port, exact across replicas. Numbers of a sequence are committed out of order: a reader that saw 7
// would never see a 6 that is committed later. So a change bears the id of its transaction, and only what is older than
// every transaction that is still under way is told: nothing can appear behind a cursor any more. The price is that a
// transaction that stays open, of any program on this server, holds up what is told, and nothing else.
import * as z from 'zod';
import type { Changed, ChangesOf } from '../event-store.ts';
import { alertColumns, alertRow, toStoredAlert } from './alert-rows.ts';
import type { Database } from './database.ts';
import { hashOf } from './keys.ts';
import { shownColumns, shownRow, toShown } from './shown-events.ts';

/** The state that holds the newest transaction of which a change was pruned. */
export const lostKeyHash = hashOf('changes:lost');

const horizonRow = z.object({ horizon: z.coerce.bigint(), lost: z.coerce.bigint().nullable() });
const horizonSql = `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
  (SELECT body FROM states WHERE key_hash = $1) AS lost`;

const changedOf = (columns: string, table: string, row: string): string =>
  `SELECT ${columns}, ${row}.changed_xid::text AS changed FROM ${table} AS ${row} WHERE ${row}.sequence IN (
    SELECT sequence FROM ${table} WHERE (changed_xid, sequence) > ($1::xid8, $2::bigint) AND changed_xid < $3::xid8
    ORDER BY changed_xid, sequence LIMIT $4
  ) ORDER BY ${row}.changed_xid, ${row}.sequence`;

export const changedEventsSql = changedOf(shownColumns, 'events', 'event');
export const changedAlertsSql = changedOf(alertColumns, 'alerts', 'alert');

interface Position {
  readonly transaction: bigint;
  readonly sequence: string;
}

interface Cursor {
  readonly events: Position;
  readonly alerts: Position;
}

const readCursor = (cursor: string): Cursor | undefined => {
  if (!/^\d{1,18}(\.\d{1,18}){3}$/.test(cursor)) return undefined;
  const [events = '', ofEvents = '', alerts = '', ofAlerts = ''] = cursor.split('.');
  return {
    events: { transaction: BigInt(events), sequence: ofEvents },
    alerts: { transaction: BigInt(alerts), sequence: ofAlerts },
  };
};

const writeCursor = ({ events, alerts }: Cursor): string =>
  [events, alerts].map(({ transaction, sequence }) => `${transaction}.${sequence}`).join('.');

const changed = { changed: z.string() };

/** Where to go on: behind the last row of a full portion, else behind everything that could be told. */
const endOf = (
  rows: readonly { readonly changed: string; readonly sequence: number }[],
  limit: number,
  horizon: bigint,
): Position => {
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return last
    ? { transaction: BigInt(last.changed), sequence: String(last.sequence) }
    : { transaction: horizon, sequence: '0' };
};

export const readChanges = async (
  database: Database,
  after: string | null,
  limit: number,
  of: ChangesOf = 'all',
): Promise<Changed | 'lost'> => {
  const from = after === null ? null : readCursor(after);
  if (from === undefined) return 'lost';
  // The horizon, what was pruned, and the rows are of one moment.
  return database.reading(async (session) => {
    const [{ horizon, lost } = { horizon: 0n, lost: null }] = await session.rows(horizonRow, horizonSql, [lostKeyHash]);
    const now: Position = { transaction: horizon, sequence: '0' };
    if (from === null) return { events: [], alerts: [], cursor: writeCursor({ events: now, alerts: now }) };
    // A cursor from the future is one of another database, or of this one before it was restored.
    const isLost = ({ transaction }: Position) => transaction > horizon || (lost !== null && transaction <= lost);
    if (isLost(from.events) || isLost(from.alerts)) return 'lost';
    const valuesFrom = ({ transaction, sequence }: Position) => [String(transaction), sequence, String(horizon), limit];
    const [events, alerts] = await Promise.all([
      of === 'alerts' ? [] : session.rows(shownRow.extend(changed), changedEventsSql, valuesFrom(from.events)),
      session.rows(alertRow.extend(changed), changedAlertsSql, valuesFrom(from.alerts)),
    ]);
    return {
      events: toShown(events),
      alerts: alerts.map((row) => toStoredAlert(row).alert),
      cursor: writeCursor({ events: endOf(events, limit, horizon), alerts: endOf(alerts, limit, horizon) }),
    };
  });
};
