// Retention: events that are over and old go, with all that belongs to them, and alerts with their last event.
import * as z from 'zod';
import type { Database, Transaction } from './database.ts';
import { lostKeyHash } from './read-changes.ts';

/** Events are looked at from the oldest on, and this many at most that stay because they are still needed. */
const maxKept = 20_000;

// All of the condition but the alert's is in the row that is locked, so what changed it in this very moment is seen.
const chooseSql = `SELECT event.sequence, event.alert_hash, event.changed_xid::text AS changed
  FROM (SELECT * FROM events WHERE first_seen_at < $1 ORDER BY first_seen_at, sequence LIMIT ${maxKept}) AS old
  JOIN events AS event ON event.sequence = old.sequence
  WHERE NOT event.is_ongoing AND NOT EXISTS (
    SELECT FROM alerts AS alert WHERE alert.alert_hash = event.alert_hash AND (alert.is_open OR EXISTS (
      SELECT FROM deliveries AS delivery WHERE delivery.alert = alert.sequence AND delivery.status = 'pending'))
  ) ORDER BY event.first_seen_at, event.sequence LIMIT $2 FOR UPDATE OF event SKIP LOCKED`;

const lockAlertsSql = `SELECT FROM alerts WHERE alert_hash = ANY ($1::uuid[]) ORDER BY sequence FOR UPDATE`;

// A statement of its own: after a wait for the alerts it sees the events that joined them meanwhile.
const dropAlertsSql = `WITH dropped AS (
    DELETE FROM alerts WHERE alert_hash = ANY ($1::uuid[]) AND NOT is_open
      AND NOT EXISTS (SELECT FROM events WHERE events.alert_hash = alerts.alert_hash)
    RETURNING sequence, changed_xid::text AS changed
  ), deliveries AS (DELETE FROM deliveries USING dropped WHERE deliveries.alert = dropped.sequence)
  SELECT changed FROM dropped`;

// What cannot be told any more is remembered in the same transaction: a reader of the feed sees both or neither.
const rememberSql = `INSERT INTO states (key_hash, body) VALUES ($1, $2) ON CONFLICT (key_hash)
  DO UPDATE SET body = greatest(states.body::xid8, excluded.body::xid8)::text`;

const changed = z.object({ changed: z.string() });
const chosenRow = changed.extend({ sequence: z.coerce.number(), alert_hash: z.string().nullable() });

const newest = (rows: readonly z.infer<typeof changed>[]): bigint =>
  rows.reduce((latest, row) => (BigInt(row.changed) > latest ? BigInt(row.changed) : latest), 0n);

const pruneIn = async (transaction: Transaction, firstSeenBefore: string, limit: number): Promise<number> => {
  const chosen = await transaction.rows(chosenRow, chooseSql, [firstSeenBefore, limit]);
  if (chosen.length === 0) return 0;
  const sequences = chosen.map(({ sequence }) => sequence);
  const alerts = [...new Set(chosen.flatMap(({ alert_hash: hash }) => hash ?? []))];
  transaction.send('DELETE FROM events WHERE sequence = ANY ($1::bigint[])', [sequences]);
  transaction.send('DELETE FROM raws WHERE event = ANY ($1::bigint[])', [sequences]);
  transaction.send(lockAlertsSql, [alerts]);
  const dropped = await transaction.rows(changed, dropAlertsSql, [alerts]);
  transaction.send(rememberSql, [lostKeyHash, String(newest([...chosen, ...dropped]))]);
  return chosen.length;
};

export const prune = (database: Database, firstSeenBefore: string, limit: number): Promise<number> =>
  database.transaction((transaction) => pruneIn(transaction, firstSeenBefore, limit));
