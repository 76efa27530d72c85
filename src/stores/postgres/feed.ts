// `changes` of the port, exact across replicas. Numbers of a sequence are committed out of order: whoever has read 7
// would never see a 6 that is committed later. So a change bears the id of its transaction, and only what is older than
// every transaction that is still under way is told: nothing can appear behind a cursor any more. The price is that a
// transaction that stays open, of whatever program on this server, holds up what is told, and nothing else.
import * as z from 'zod';
import type { EventStore } from '../event-store.ts';
import type { Session } from './database.ts';
import { eventColumns, eventRow, hashOf, toStoredEvent } from './stored-event.ts';

/** The state that holds the newest transaction of which a change was pruned. */
export const lostKeyHash = hashOf('changes:lost');

// One statement, so that the horizon, what was pruned, and the rows are of one moment.
export const changesSql = `SELECT feed.horizon::text AS horizon, feed.lost, event.*
  FROM (SELECT pg_snapshot_xmin(pg_current_snapshot()) AS horizon,
    (SELECT body FROM states WHERE key_hash = $1) AS lost) AS feed
  LEFT JOIN LATERAL (
    SELECT ${eventColumns}, event.changed_xid::text AS changed FROM events AS event
    WHERE (event.changed_xid, event.sequence) > ($2::xid8, $3::bigint) AND event.changed_xid < feed.horizon
    ORDER BY event.changed_xid, event.sequence LIMIT $4
  ) AS event ON true ORDER BY event.changed::xid8, event.sequence`;

const feedColumns = { horizon: z.coerce.bigint(), lost: z.coerce.bigint().nullable() };
const feedRow = z.union([
  eventRow.extend({ ...feedColumns, changed: z.string() }),
  z.object({ ...feedColumns, event_hash: z.null() }),
]);

interface Position {
  readonly transaction: bigint;
  readonly sequence: string;
}

const readCursor = (cursor: string): Position | undefined => {
  const [, transaction, sequence] = /^(\d{1,18})\.(\d{1,18})$/.exec(cursor) ?? [];
  return transaction === undefined || sequence === undefined
    ? undefined
    : { transaction: BigInt(transaction), sequence };
};

export const readChanges = async (
  session: Session,
  after: string | null,
  limit: number,
): ReturnType<EventStore['changes']> => {
  const from = after === null ? null : readCursor(after);
  if (from === undefined) return 'lost';
  const values = [lostKeyHash, from && String(from.transaction), from?.sequence ?? null, limit];
  const rows = await session.rows(feedRow, changesSql, values);
  const { horizon = 0n, lost = null } = rows[0] ?? {};
  // A cursor from the future is one of another database, or of this one before it was restored.
  if (from && (from.transaction > horizon || (lost !== null && from.transaction <= lost))) return 'lost';
  const told = rows.filter((row) => row.event_hash !== null);
  const last = told.at(-1);
  const end = last && told.length === limit ? `${last.changed}.${last.sequence}` : `${horizon}.0`;
  return { records: told.map((row) => toStoredEvent(row).record), cursor: end };
};
