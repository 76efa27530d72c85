// What the decisions of a batch find: everything that they may change is locked, and then read.
//
// A statement sees what was committed before it began, so the locks are a statement of their own: after a wait for
// them, the next statement reads what the others left. All of it travels together, and is one wait for the network.
import * as z from 'zod';
import type { TransactKeys } from '../event-store.ts';
import { mostOfScope } from '../selection.ts';
import { alertColumns, alertRow, type StoredAlert, toStoredAlert } from './alert-rows.ts';
import { arrayParameter } from './array-parameter.ts';
import type { Transaction } from './database.ts';
import { eventColumns, eventRow, type StoredEvent, toStoredEvent } from './event-rows.ts';
import { lockOf, uuidOf } from './keys.ts';

export interface BatchRead {
  readonly events: readonly StoredEvent[];
  /** The oldest first. */
  readonly alerts: readonly StoredAlert[];
  /** When the newest event was first seen, and the newest alert opened; empty when there is none. */
  readonly newestEventAt: string;
  readonly newestAlertAt: string;
}

// In one order, for two batches that lock the same keys in different orders would wait for each other. Locks belong to
// the whole database, and several services may share one, each in its schema.
export const lockSql = `SELECT pg_advisory_xact_lock(lock) FROM (
    SELECT DISTINCT key # hashtextextended(current_schema(), 0) AS lock FROM unnest($1::bigint[]) AS key ORDER BY lock
  ) AS locks`;

export const eventsByHashSql = `SELECT ${eventColumns} FROM events AS event WHERE event_hash = ANY ($1::uuid[])`;
export const alertsByHashSql = `SELECT ${alertColumns} FROM alerts AS alert WHERE alert_hash = ANY ($1::uuid[])`;
/** The payments of alerts, of which a storm may have thousands. */
export const paymentsSql = `SELECT ${eventColumns} FROM events AS event
  JOIN combinations ON combinations.id = event.combination AND combinations.kind = '"payment"'
  WHERE alert_hash = ANY ($1::uuid[])`;

const alertsSql = `SELECT ${alertColumns} FROM alerts AS alert WHERE alert.sequence = ANY (ARRAY(
    SELECT open.sequence FROM alerts AS open WHERE open.scope_hash = ANY ($5::uuid[]) AND open.is_open
    UNION ALL SELECT ended.sequence FROM unnest($5::uuid[], $6::text[]) AS given (scope_hash, ended_since)
      JOIN alerts AS ended ON ended.scope_hash = given.scope_hash AND NOT ended.is_open
        AND ended.resolved_at >= given.ended_since
    UNION ALL SELECT own.sequence FROM events JOIN alerts AS own ON own.alert_hash = events.alert_hash
      WHERE events.event_hash = ANY ($1::uuid[]) AND own.scope_hash = ANY ($5::uuid[])
    UNION ALL SELECT named.sequence FROM alerts AS named WHERE named.alert_hash = ANY ($2::uuid[])
  )) ORDER BY alert.sequence`;

const ofAlertsSql = `SELECT ${eventColumns} FROM events AS event WHERE alert_hash = ANY ($3::uuid[])`;

/** Of each scope the newest, for both `withEndings` and `withGuests`. */
const ofScopesSql = `SELECT ${eventColumns} FROM unnest($4::uuid[]) AS given (scope)
  CROSS JOIN LATERAL (
    SELECT * FROM events WHERE ends_scope = given.scope ORDER BY sequence DESC LIMIT $7
  ) AS found JOIN events AS event ON event.sequence = found.sequence`;

const listOf = (rows: string): string => `(SELECT coalesce(json_agg(listed), '[]') FROM (${rows}) AS listed)`;

/** One statement for all of it: each has an answer of its own, for which this process is woken. */
export const readSql = `SELECT coalesce((SELECT max(first_seen_at) FROM events), '') AS newest_event_at,
  coalesce((SELECT max(opened_at) FROM alerts), '') AS newest_alert_at,
  ${listOf(eventsByHashSql)} AS events, ${listOf(alertsSql)} AS alerts,
  ${listOf(ofAlertsSql)} AS of_alerts, ${listOf(ofScopesSql)} AS of_scopes`;

const readRow = z.object({
  newest_event_at: z.string(),
  newest_alert_at: z.string(),
  events: z.array(eventRow),
  alerts: z.array(alertRow),
  of_alerts: z.array(eventRow),
  of_scopes: z.array(eventRow),
});

const distinct = <T>(items: readonly T[]): readonly T[] => [...new Set(items)];

const hashesOf = (texts: readonly (string | undefined)[]): readonly string[] =>
  distinct(texts.filter((text) => text !== undefined)).map(uuidOf);

/** The earliest end that any of the transactions asks for, by scope. */
const endedSinceOf = (all: readonly TransactKeys[]): ReadonlyMap<string, string> => {
  const since = new Map<string, string>();
  for (const { scopes, endedSince } of all) {
    for (const scope of scopes) {
      const known = since.get(scope);
      if (known === undefined || endedSince < known) since.set(scope, endedSince);
    }
  }
  return since;
};

const locksOf = (all: readonly TransactKeys[]): readonly string[] =>
  distinct(
    all.flatMap(({ eventId, scopes, alertId }) => [
      ...(eventId === undefined ? [] : [eventId]),
      ...scopes,
      ...(alertId === undefined ? [] : [alertId]),
    ]),
  ).map(lockOf);

export const lockAndRead = async (transaction: Transaction, all: readonly TransactKeys[]): Promise<BatchRead> => {
  transaction.send(lockSql, [arrayParameter('bigint', locksOf(all))]);
  const since = endedSinceOf(all);
  const named = [
    all.map(({ eventId }) => eventId),
    all.map(({ alertId }) => alertId),
    all.map(({ alertId, withMembers }) => (withMembers ? alertId : undefined)),
    all.map(({ scopes, withEndings, withGuests }) => (withEndings || withGuests ? scopes[0] : undefined)),
    [...since.keys()],
  ].map((texts) => arrayParameter('uuid', hashesOf(texts)));
  const most = Math.max(...all.map(mostOfScope));
  const [row] = await transaction.rows(readRow, readSql, [...named, arrayParameter('text', [...since.values()]), most]);
  if (!row) throw new Error('a statement that always gives one row gave none');
  return {
    events: [...row.events, ...row.of_alerts, ...row.of_scopes].map(toStoredEvent),
    alerts: row.alerts.map(toStoredAlert),
    newestEventAt: row.newest_event_at,
    newestAlertAt: row.newest_alert_at,
  };
};
