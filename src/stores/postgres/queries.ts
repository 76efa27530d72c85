// Everything that is asked of the database, each in one statement and by an index of its own.
import * as z from 'zod';
import type { Attempt, Delivery } from '../../domain/delivery.ts';
import { toIso } from '../../lib/time.ts';
import type { Change, EventRecord, EventStore } from '../event-store.ts';
import { createGroup } from '../group-commit.ts';
import { toHistory } from '../rows.ts';
import type { Session } from './database.ts';
import { lostKeyHash, readChanges } from './feed.ts';
import { list, listDeliveries } from './list.ts';
import { eventColumns, eventRow, hashOf, toStoredEvent } from './stored-event.ts';

const bodyRow = z.object({ body: z.string() });
const detailRow = eventRow.extend({ history: z.array(z.string()), attempts: z.array(z.string()) });

const findSql = `SELECT ${eventColumns} FROM events AS event WHERE event_hash = ANY ($1::text[])`;

const detailSql = `SELECT ${eventColumns},
    ARRAY(SELECT body FROM history WHERE history.event = event.sequence ORDER BY number) AS history,
    ARRAY(SELECT body FROM attempts WHERE attempts.event = event.sequence ORDER BY number) AS attempts
  FROM events AS event WHERE event_hash = $1`;

const openSql = 'SELECT body FROM events WHERE source = $1 AND awaits_end';

// Deliveries that another replica is about to change are left out, rather than waited for.
const dueSql = `SELECT body FROM deliveries AS due
  WHERE status = 'pending' AND due_at <= $1 AND NOT EXISTS (
    SELECT FROM deliveries AS earlier
    WHERE earlier.event = due.event AND earlier.destination_key = due.destination_key
      AND earlier.position < due.position AND earlier.status = 'pending'
  ) ORDER BY due_at, event, ordinal LIMIT $2 FOR UPDATE OF due SKIP LOCKED`;

const createdAtSql = `substring(body from '"created_at":"([^"]+)"') COLLATE "C"`;

const backlogRow = z.object({ pending: z.coerce.number(), oldest: z.string().nullable() });

// As two questions, each of which the index answers from its own end.
export const backlogSql = `SELECT
  (SELECT count(*) FROM deliveries WHERE status = 'pending') AS pending,
  (SELECT min(${createdAtSql}) FROM deliveries WHERE status = 'pending') AS oldest`;

const undecidedSql = 'SELECT body FROM events WHERE undecided AND last_seen_at <= $1 ORDER BY sequence LIMIT $2';

// All of the condition is in the row that is locked, so what changed it in this very moment is seen. What cannot be told
// any more is remembered in the same statement: whoever reads the feed sees both or neither.
const pruneSql = `WITH pruned AS MATERIALIZED (
    SELECT sequence FROM events WHERE first_seen_at < $1 AND NOT (awaits_end OR undecided OR owes)
    ORDER BY first_seen_at, sequence LIMIT $2 FOR UPDATE SKIP LOCKED
  ), deleted AS (
    DELETE FROM events USING pruned WHERE events.sequence = pruned.sequence RETURNING changed_xid
  ), remembered AS (
    INSERT INTO states SELECT $3, changed_xid::text FROM deleted ORDER BY changed_xid DESC LIMIT 1
    ON CONFLICT (key_hash) DO UPDATE SET body = greatest(states.body::xid8, excluded.body::xid8)::text
  ) SELECT FROM deleted`;

const attemptLogs = (bodies: readonly string[]): ReadonlyMap<string, readonly Attempt[]> => {
  const logs = new Map<string, Attempt[]>();
  for (const body of bodies) {
    const { deliveryId, attempt }: NonNullable<Change<unknown>['attempt']> = JSON.parse(body);
    const log = logs.get(deliveryId);
    if (log) log.push(attempt);
    else logs.set(deliveryId, [attempt]);
  }
  return logs;
};

/** How many events one statement looks up. */
const maxLookups = 100;

interface Lookup {
  readonly hash: string;
  found?: EventRecord | undefined;
}

/** Looks events up, those that are asked for while one statement runs in the next: each request asks for one. */
const createFind = (session: Session): EventStore['find'] => {
  const lookups = createGroup<Lookup>(async (asked) => {
    const rows = await session.rows(eventRow, findSql, [[...new Set(asked.map(({ hash }) => hash))]]);
    const found = new Map(rows.map((row) => [row.event_hash, row]));
    for (const lookup of asked) {
      const row = found.get(lookup.hash);
      lookup.found = row && toStoredEvent(row).record;
    }
    return new Map();
  }, maxLookups);

  return async (eventId) => {
    const lookup: Lookup = { hash: hashOf(eventId) };
    await lookups.add(lookup);
    return lookup.found;
  };
};

type Queries = Omit<EventStore, 'change' | 'exclusively' | 'lead' | 'close'>;

export const createQueries = (session: Session): Queries => {
  const bodies = async (sql: string, values: readonly unknown[]): Promise<readonly string[]> =>
    (await session.rows(bodyRow, sql, values)).map(({ body }) => body);

  return {
    find: createFind(session),
    async read(eventId) {
      const [row] = await session.rows(detailRow, detailSql, [hashOf(eventId)]);
      if (!row) return undefined;
      return {
        record: toStoredEvent(row).record,
        history: toHistory(row.history.map((body) => ({ body }))),
        attempts: attemptLogs(row.attempts),
      };
    },
    list: (query) => list(session, query),
    listDeliveries: (query) => listDeliveries(session, query),
    async findDelivery(deliveryId) {
      // The id comes from outside, and may hold what no text of the database can.
      const [body] = await bodies('SELECT body FROM deliveries WHERE id = $1', [deliveryId.replaceAll('\0', '')]);
      return body === undefined ? undefined : JSON.parse(body);
    },
    changes: (after, limit) => readChanges(session, after, limit),
    openEvents: async (source) =>
      (await bodies(openSql, [source])).map((body) => {
        const { event, subject }: EventRecord = JSON.parse(body);
        return { event_id: event.event_id, subject, started_at: event.started_at };
      }),
    dueDeliveries: async (nowMs, limit) =>
      (await bodies(dueSql, [toIso(nowMs), limit])).map((body) => {
        const { event_id: eventId, id: deliveryId, request_id: requestId }: Delivery = JSON.parse(body);
        return { eventId, deliveryId, requestId };
      }),
    async backlog() {
      const [row] = await session.rows(backlogRow, backlogSql);
      return { pending: row?.pending ?? 0, oldestCreatedAt: row?.oldest ?? null };
    },
    undecided: async (seenBefore, limit) =>
      (await bodies(undecidedSql, [seenBefore, limit])).map((body) => {
        const { event, request_id: requestId }: EventRecord = JSON.parse(body);
        return { eventId: event.event_id, requestId };
      }),
    async loadState(key) {
      const [body] = await bodies('SELECT body FROM states WHERE key_hash = $1', [hashOf(key)]);
      return body === undefined ? undefined : JSON.parse(body);
    },
    saveState: (key, state) =>
      session.run('INSERT INTO states VALUES ($1, $2) ON CONFLICT (key_hash) DO UPDATE SET body = excluded.body', [
        hashOf(key),
        JSON.stringify(state),
      ]),
    async prune(firstSeenBefore, limit) {
      return (await session.rows(z.unknown(), pruneSql, [firstSeenBefore, limit, lostKeyHash])).length;
    },
    ping: () => session.run('SELECT 1'),
  };
};
