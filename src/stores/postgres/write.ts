// What a batch writes, each kind of thing in one statement for all its events.

import * as z from 'zod';
import type { Delivery } from '../../delivery.ts';
import { isOnlySighting, toDeliveryRow, toEventRow, toKey } from '../rows.ts';
import type { Change, EventRecord, HistoryEntry } from '../store.ts';
import type { Session } from './database.ts';
import { defineRelation, inChunks } from './relation.ts';
import { hashOf, type StoredEvent } from './stored-event.ts';

/** An event that is stored, with what a batch made of it. */
export interface Written {
  readonly stored: StoredEvent;
  readonly record: EventRecord;
  readonly history: readonly HistoryEntry[];
  readonly attempts: readonly NonNullable<Change<unknown>['attempt']>[];
}

const eventRelation = defineRelation([
  ['event_hash', 'text'],
  ['source', 'text'],
  ['kind', 'text'],
  ['severity', 'text'],
  ['service_hash', 'text'],
  ['is_open', 'boolean'],
  ['awaits_end', 'boolean'],
  ['routed', 'boolean'],
  ['undecided', 'boolean'],
  ['is_needed', 'boolean'],
  ['first_seen_at', 'text'],
  ['last_seen_at', 'text'],
  ['seen_count', 'bigint'],
  ['body', 'text'],
]);

const sightingRelation = defineRelation([
  ['event', 'bigint'],
  ['is_needed', 'boolean'],
  ['last_seen_at', 'text'],
  ['seen_count', 'bigint'],
]);

const deliveryRelation = defineRelation([
  ['event', 'bigint'],
  ['ordinal', 'integer'],
  ['destination_key', 'text'],
  ['position', 'bigint'],
  ['status', 'text'],
  ['due_at', 'text'],
  ['body', 'text'],
]);

const lengthRelation = defineRelation([
  ['event', 'bigint'],
  ['length', 'integer'],
]);

const logRelation = defineRelation([
  ['event', 'bigint'],
  ['body', 'text'],
]);

const toRow = (record: EventRecord) => {
  const row = toEventRow(record);
  const owes = record.deliveries.some(({ status }) => status === 'pending');
  return {
    ...row,
    event_hash: hashOf(record.event.event_id),
    service_hash: hashOf(record.event.service),
    is_needed: row.awaits_end || row.undecided || owes,
  };
};

const insertedRow = z.object({ event_hash: z.string(), sequence: z.coerce.number() });

// The numbers are given in the order of arrival. Only then are the rows sorted, for two batches that insert the same
// events in different orders would wait for each other.
const insertSql = `INSERT INTO events (sequence, ${eventRelation.names})
  SELECT * FROM (SELECT nextval('events_sequence'), * FROM ${eventRelation.given}) AS numbered ORDER BY event_hash
  ON CONFLICT (event_hash) DO NOTHING RETURNING event_hash, sequence`;

/** Gives the events that were inserted, by hash; one that is missing has just been inserted by somebody else. */
export const insertEvents = async (
  session: Session,
  records: readonly EventRecord[],
): Promise<ReadonlyMap<string, number>> => {
  const inserted = new Map<string, number>();
  for (const rows of inChunks(records.map(toRow))) {
    const given = await session.rows(insertedRow, insertSql, eventRelation.values(rows));
    for (const { event_hash: hash, sequence } of given) inserted.set(hash, sequence);
  }
  return inserted;
};

const updateSql = `UPDATE events SET (${eventRelation.names}) = ROW (given.*) FROM ${eventRelation.given}
  WHERE events.event_hash = given.event_hash`;

const sightSql = `UPDATE events
  SET is_needed = given.is_needed, last_seen_at = given.last_seen_at, seen_count = given.seen_count
  FROM ${sightingRelation.given} WHERE events.sequence = given.event`;

const putDeliveriesSql = `INSERT INTO deliveries (${deliveryRelation.names}) SELECT * FROM ${deliveryRelation.given}
  ON CONFLICT (event, ordinal) DO UPDATE SET destination_key = excluded.destination_key,
    position = excluded.position, status = excluded.status, due_at = excluded.due_at, body = excluded.body`;

const dropDeliveriesSql = `DELETE FROM deliveries USING ${lengthRelation.given}
  WHERE deliveries.event = given.event AND deliveries.ordinal >= given.length`;

const logSql = (table: 'history' | 'attempts'): string =>
  `INSERT INTO ${table} (${logRelation.names}) SELECT * FROM ${logRelation.given}`;
const historySql = logSql('history');
const attemptsSql = logSql('attempts');

/** Whether nothing changed in what `body` and the filters hold. */
const isLight = ({ stored, record }: Written): boolean =>
  isOnlySighting(stored.record, { ...record, deliveries: stored.record.deliveries });

const isTouched = ({ stored: { record: before }, record: after }: Written): boolean =>
  before.deliveries !== after.deliveries ||
  before.seen_count !== after.seen_count ||
  before.last_seen_at !== after.last_seen_at;

const deliveryRows = ({ stored, record }: Written) =>
  record.deliveries.flatMap((delivery: Delivery, ordinal) => {
    if (delivery === stored.record.deliveries[ordinal]) return [];
    const { destination, ...row } = toDeliveryRow(delivery);
    return [{ ...row, event: stored.sequence, ordinal, destination_key: toKey(destination) }];
  });

/** Writes the changes of events that are locked, or that this transaction has inserted. */
export const writeChanges = async (session: Session, written: readonly Written[]): Promise<void> => {
  const write = async <Row>(
    sql: string,
    values: (rows: readonly Row[]) => readonly unknown[],
    rows: readonly Row[],
  ) => {
    for (const chunk of inChunks(rows)) await session.run(sql, values(chunk));
  };
  const toLog = (event: number) => (entry: unknown) => ({ event, body: JSON.stringify(entry) });

  await write(
    updateSql,
    eventRelation.values,
    written.filter((each) => !isLight(each)).map(({ record }) => toRow(record)),
  );
  await write(
    sightSql,
    sightingRelation.values,
    written
      .filter((each) => isLight(each) && isTouched(each))
      .map(({ stored, record }) => ({ ...toRow(record), event: stored.sequence })),
  );
  await write(putDeliveriesSql, deliveryRelation.values, written.flatMap(deliveryRows));
  await write(
    dropDeliveriesSql,
    lengthRelation.values,
    written
      .filter(({ stored, record }) => record.deliveries.length < stored.record.deliveries.length)
      .map(({ stored, record }) => ({ event: stored.sequence, length: record.deliveries.length })),
  );
  await write(
    historySql,
    logRelation.values,
    written.flatMap(({ stored, history }) => history.map(toLog(stored.sequence))),
  );
  await write(
    attemptsSql,
    logRelation.values,
    written.flatMap(({ stored, attempts }) => attempts.map(toLog(stored.sequence))),
  );
};
