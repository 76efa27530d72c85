// What the decisions of a batch find: everything that they may change is locked, and then read.
//
// A statement sees what was committed before it began, so the locks are a statement of their own: after a wait for
// them, the next statement reads what the others left. All of it travels together, and is one wait for the network.
import * as z from 'zod';
import type { TransactKeys } from '../event-store.ts';
import { mostOfScope } from '../selection.ts';
import { alertColumns, alertRow, type StoredAlert, toStoredAlert } from './alert-rows.ts';
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

const newestRow = z.object({ event_at: z.string(), alert_at: z.string() });
const newestSql = `SELECT coalesce((SELECT max(first_seen_at) FROM events), '') AS event_at,
  coalesce((SELECT max(opened_at) FROM alerts), '') AS alert_at`;

export const eventsByHashSql = `SELECT ${eventColumns} FROM events AS event WHERE event_hash = ANY ($1::uuid[])`;
export const alertsByHashSql = `SELECT ${alertColumns} FROM alerts AS alert WHERE alert_hash = ANY ($1::uuid[])`;
/** The payments of alerts, of which a storm may have thousands. */
export const paymentsSql = `SELECT ${eventColumns} FROM events AS event
  JOIN combinations ON combinations.id = event.combination AND combinations.kind = '"payment"'
  WHERE alert_hash = ANY ($1::uuid[])`;

export const alertsSql = `SELECT ${alertColumns} FROM alerts AS alert WHERE alert.sequence = ANY (ARRAY(
    SELECT open.sequence FROM alerts AS open WHERE open.scope_hash = ANY ($1::uuid[]) AND open.is_open
    UNION ALL SELECT ended.sequence FROM unnest($1::uuid[], $2::text[]) AS given (scope_hash, ended_since)
      JOIN alerts AS ended ON ended.scope_hash = given.scope_hash AND NOT ended.is_open
        AND ended.resolved_at >= given.ended_since
    UNION ALL SELECT named.sequence FROM alerts AS named WHERE named.alert_hash = ANY ($3::uuid[])
  )) ORDER BY alert.sequence`;

const ofAlertsSql = `SELECT ${eventColumns} FROM events AS event WHERE alert_hash = ANY ($1::uuid[])`;

const endingsSql = `SELECT ${eventColumns} FROM unnest($1::uuid[]) AS given (scope)
  CROSS JOIN LATERAL (
    SELECT * FROM events WHERE ends_scope = given.scope ORDER BY sequence DESC LIMIT $2
  ) AS found JOIN events AS event ON event.sequence = found.sequence`;

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
      ...(eventId === undefined ? [] : [`event ${eventId}`]),
      ...scopes.map((scope) => `scope ${scope}`),
      ...(alertId === undefined ? [] : [`alert ${alertId}`]),
    ]),
  ).map(lockOf);

export const lockAndRead = async (transaction: Transaction, all: readonly TransactKeys[]): Promise<BatchRead> => {
  transaction.send(lockSql, [locksOf(all)]);
  const eventHashes = hashesOf(all.map(({ eventId }) => eventId));
  const since = endedSinceOf(all);
  const scopeHashes = [...since.keys()].map(uuidOf);
  const alertHashes = hashesOf(all.map(({ alertId }) => alertId));
  const ofAlerts = hashesOf(all.map(({ alertId, withMembers }) => (withMembers ? alertId : undefined)));
  const ofScopes = hashesOf(
    all.map(({ scopes, withEndings, withGuests }) => (withEndings || withGuests ? scopes[0] : undefined)),
  );

  const [[newest = { event_at: '', alert_at: '' }], events, alerts, members, endings] = await Promise.all([
    transaction.rows(newestRow, newestSql, []),
    eventHashes.length === 0 ? [] : transaction.rows(eventRow, eventsByHashSql, [eventHashes]),
    transaction.rows(alertRow, alertsSql, [scopeHashes, [...since.values()], alertHashes]),
    ofAlerts.length === 0 ? [] : transaction.rows(eventRow, ofAlertsSql, [ofAlerts]),
    ofScopes.length === 0 ? [] : transaction.rows(eventRow, endingsSql, [ofScopes, Math.max(...all.map(mostOfScope))]),
  ]);
  return {
    events: [...events, ...members, ...endings].map(toStoredEvent),
    alerts: alerts.map(toStoredAlert),
    newestEventAt: newest.event_at,
    newestAlertAt: newest.alert_at,
  };
};
