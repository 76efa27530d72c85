// What a batch writes, each kind of thing in one statement for all its events.
import * as z from 'zod';
import type { Change, EventRecord, HistoryEntry } from '../event-store.ts';
import { isNews } from '../news.ts';
import { isOnlySighting } from '../rows.ts';
import type { Session, Transaction } from './database.ts';
import { inChunks, type Relation } from './relation.ts';
import type { StoredEvent } from './stored-event.ts';
import {
  deliveryRelation,
  deliveryRowOf,
  eventRelation,
  eventRowOf,
  lengthRelation,
  logRelation,
  logRowOf,
  owes,
  sightingRelation,
  sightingRowOf,
} from './tables.ts';

/** An event that is stored, with what a batch made of it. */
export interface Written {
  /** As it was before the batch, or as its insertion in this batch left it: with no deliveries yet. */
  readonly stored: StoredEvent;
  readonly record: EventRecord;
  readonly history: readonly HistoryEntry[];
  readonly attempts: readonly NonNullable<Change<unknown>['attempt']>[];
}

// The numbers are given in the order of arrival. Only then are the rows sorted, for two batches that insert the same
// events in different orders would wait for each other.
const insertSql = `INSERT INTO events (sequence, ${eventRelation.names})
  SELECT * FROM (SELECT nextval('events_sequence'), * FROM ${eventRelation.given}) AS numbered ORDER BY event_hash
  ON CONFLICT (event_hash) DO NOTHING RETURNING event_hash, sequence`;

const updateSql = `UPDATE events SET (${eventRelation.names}) = ROW (given.*), changed_xid = pg_current_xact_id()
  FROM ${eventRelation.given} WHERE events.event_hash = given.event_hash`;

// A mere sighting leaves every indexed column as it was, so that no index is written.
export const sightSql = `UPDATE events
  SET owes = given.owes, last_seen_at = given.last_seen_at, seen_count = given.seen_count,
    changed_xid = CASE WHEN given.is_news THEN pg_current_xact_id() ELSE changed_xid END
  FROM ${sightingRelation.given} WHERE events.sequence = given.event`;

const putDeliveriesSql = `INSERT INTO deliveries (${deliveryRelation.names}) SELECT * FROM ${deliveryRelation.given}
  ON CONFLICT (event, ordinal) DO UPDATE SET destination_key = excluded.destination_key,
    position = excluded.position, status = excluded.status, due_at = excluded.due_at, body = excluded.body`;

const dropDeliveriesSql = `DELETE FROM deliveries USING ${lengthRelation.given}
  WHERE deliveries.event = given.event AND deliveries.ordinal >= given.length`;

const addHistorySql = `INSERT INTO history (${logRelation.names}) SELECT * FROM ${logRelation.given}`;
const addAttemptsSql = `INSERT INTO attempts (${logRelation.names}) SELECT * FROM ${logRelation.given}`;

const insertedRow = z.object({ event_hash: z.string(), sequence: z.coerce.number() });

/** Gives the numbers of the events that were inserted, by hash; one that is missing was just inserted by somebody else. */
export const insertEvents = async (
  session: Session,
  records: readonly EventRecord[],
): Promise<ReadonlyMap<string, number>> => {
  const inserted = new Map<string, number>();
  for (const rows of inChunks(records.map(eventRowOf))) {
    const given = await session.rows(insertedRow, insertSql, eventRelation.values(rows));
    for (const { event_hash: hash, sequence } of given) inserted.set(hash, sequence);
  }
  return inserted;
};

/** Whether nothing changed in what `body` and the filters hold. */
const isLight = ({ stored, record }: Written): boolean =>
  isOnlySighting(stored.record, { ...record, deliveries: stored.record.deliveries });

const isTouched = ({ stored: { record: before }, record: after }: Written): boolean =>
  isNews(before, after) ||
  owes(before) !== owes(after) ||
  before.seen_count !== after.seen_count ||
  before.last_seen_at !== after.last_seen_at;

const deliveryRows = ({ stored, record }: Written) =>
  record.deliveries.flatMap((delivery, ordinal) =>
    delivery === stored.record.deliveries[ordinal] ? [] : [deliveryRowOf(stored.sequence, ordinal, delivery)],
  );

/** Sends the changes of events that are locked, or that this transaction has inserted. */
export const writeChanges = (transaction: Transaction, written: readonly Written[]): void => {
  const write = <Column extends string, Row extends Readonly<Record<Column, unknown>> & { readonly body?: string }>(
    sql: string,
    relation: Relation<Column>,
    rows: readonly Row[],
  ): void => {
    for (const chunk of inChunks(rows)) transaction.send(sql, relation.values(chunk));
  };
  const heavy = written.filter((each) => !isLight(each));
  const light = written.filter((each) => isLight(each) && isTouched(each));
  const shortened = written.filter(({ stored, record }) => record.deliveries.length < stored.record.deliveries.length);

  write(
    updateSql,
    eventRelation,
    heavy.map(({ record }) => eventRowOf(record)),
  );
  write(
    sightSql,
    sightingRelation,
    light.map(({ stored, record }) => sightingRowOf(stored.sequence, stored.record, record)),
  );
  write(putDeliveriesSql, deliveryRelation, written.flatMap(deliveryRows));
  write(
    dropDeliveriesSql,
    lengthRelation,
    shortened.map(({ stored, record }) => ({ event: stored.sequence, length: record.deliveries.length })),
  );
  write(
    addHistorySql,
    logRelation,
    written.flatMap(({ stored, history }) => history.map((entry) => logRowOf(stored.sequence, entry))),
  );
  write(
    addAttemptsSql,
    logRelation,
    written.flatMap(({ stored, attempts }) => attempts.map((entry) => logRowOf(stored.sequence, entry))),
  );
};
