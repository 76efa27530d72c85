// Copies the rows of the previous version into this version's tables: run once, by the migration that makes the tables.
import * as z from 'zod';
import { type Attempt, attemptSchema } from '../../domain/delivery.ts';
import { historyEntrySchema } from '../../domain/history.ts';
import { errorText, StoreUnusable } from '../../lib/errors.ts';
import { type CarriedOver, carryOver, oldRecordSchema, type ReadAgain } from '../carry-over.ts';
import { toLines } from '../rows.ts';
import { newAlertRelation, newDeliveryRelation, toAlertRow, toDeliveryRow } from './alert-rows.ts';
import { type Combinations, createCombinations } from './combinations.ts';
import type { Transaction } from './database.ts';
import { newEventRelation, toEventRow } from './event-rows.ts';
import { inChunks } from './relation.ts';
import { insertAlertsSql } from './write-alerts.ts';
import { insertDeliveriesSql } from './write-deliveries.ts';
import { insertEventsSql } from './write-events.ts';

/** An event of the version before may be a megabyte. */
const batch = 100;

// In the order of arrival, so that they get their numbers in that order once more.
const readSql = `SELECT sequence, first_seen_at, last_seen_at, seen_count, body,
    ARRAY(SELECT body FROM deliveries_before WHERE event = events_before.sequence ORDER BY ordinal) AS deliveries,
    ARRAY(SELECT body FROM history_before WHERE event = events_before.sequence ORDER BY number) AS history,
    ARRAY(SELECT body FROM attempts_before WHERE event = events_before.sequence ORDER BY number) AS attempts
  FROM events_before WHERE (first_seen_at, sequence) > ($1, $2::bigint)
  ORDER BY first_seen_at, sequence LIMIT ${batch}`;

const storedRow = z.object({
  sequence: z.string(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  seen_count: z.coerce.number(),
  body: z.string(),
  deliveries: z.array(z.string()),
  history: z.array(z.string()),
  attempts: z.array(z.string()),
});

const attemptOf = z.object({ deliveryId: z.string(), attempt: attemptSchema });

interface Carried extends CarriedOver {
  /** As lines, like the attempts of each delivery, by its id. */
  readonly history: string;
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
}

/** @throws {StoreUnusable} which names the event, so that somebody can look at it */
const readOrName = (row: z.infer<typeof storedRow>, readAgain: ReadAgain | undefined): Carried => {
  try {
    return read(row, readAgain);
  } catch (error) {
    throw new StoreUnusable(`event ${row.sequence} of the version before cannot be read: ${errorText(error)}`);
  }
};

const read = (row: z.infer<typeof storedRow>, readAgain: ReadAgain | undefined): Carried => {
  const attempts = new Map<string, readonly Attempt[]>();
  for (const body of row.attempts) {
    const { deliveryId, attempt } = attemptOf.parse(JSON.parse(body));
    attempts.set(deliveryId, [...(attempts.get(deliveryId) ?? []), attempt]);
  }
  return {
    ...carryOver(
      oldRecordSchema.parse({
        ...JSON.parse(row.body),
        first_seen_at: row.first_seen_at,
        last_seen_at: row.last_seen_at,
        seen_count: row.seen_count,
        deliveries: row.deliveries.map((body) => JSON.parse(body)),
      }),
      readAgain,
    ),
    history: toLines(row.history.map((body) => historyEntrySchema.parse(JSON.parse(body)))),
    attempts,
  };
};

const writeEvents = async (
  transaction: Transaction,
  combinations: Combinations,
  carried: readonly Carried[],
): Promise<void> => {
  const numberOf = await combinations.numbersOf(
    transaction,
    carried.map(({ event }) => event),
  );
  combinations.commit(transaction);
  const rows = carried.map(({ event, rawJson, history }) => ({
    ...toEventRow(event, numberOf(event), history),
    raw: rawJson,
  }));
  for (const chunk of inChunks(rows)) await transaction.run(insertEventsSql, newEventRelation.values(chunk));
};

const writeAlerts = async (transaction: Transaction, carried: readonly Carried[], newest: string): Promise<string> => {
  let newestOpenedAt = newest;
  const alerts = carried.flatMap(({ alert, attempts }) => (alert ? [{ alert, attempts }] : []));
  const rows = alerts.map(({ alert }) => {
    // In the order of arrival, even if the clock stepped back.
    if (alert.opened_at > newestOpenedAt) newestOpenedAt = alert.opened_at;
    return toAlertRow(alert, newestOpenedAt, '');
  });
  const deliveries = alerts.flatMap(({ alert, attempts }, at) =>
    alert.deliveries.map((delivery, place) => ({
      ...toDeliveryRow(delivery, place, toLines(attempts.get(delivery.id) ?? [])),
      alert_hash: rows[at]?.alert_hash,
    })),
  );
  for (const chunk of inChunks(rows)) await transaction.run(insertAlertsSql, newAlertRelation.values(chunk));
  for (const chunk of inChunks(deliveries)) {
    await transaction.run(insertDeliveriesSql, newDeliveryRelation.values(chunk));
  }
  return newestOpenedAt;
};

export const carryOverTables = async (transaction: Transaction, readAgain?: ReadAgain): Promise<number> => {
  const combinations = createCombinations();
  let after: readonly [string, string] = ['', '0'];
  let newestOpenedAt = '';
  let count = 0;
  for (;;) {
    const rows = await transaction.rows(storedRow, readSql, after);
    const carried = rows.map((row) => readOrName(row, readAgain));
    const last = rows.at(-1);
    if (!last) return count;
    await writeEvents(transaction, combinations, carried);
    newestOpenedAt = await writeAlerts(transaction, carried, newestOpenedAt);
    count += rows.length;
    after = [last.first_seen_at, last.sequence];
  }
};
