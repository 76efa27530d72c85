// Alerts whose list of deliveries has another order than before, or lost one: no decision makes such a list today, but
// the port allows it. The rows are dropped, to be written anew with the attempts that they had.
import * as z from 'zod';
import { isAppended } from '../is-appended.ts';
import type { AlertState } from './batch-state.ts';
import type { Transaction } from './database.ts';

const attemptsRow = z.object({ id: z.string(), attempts: z.string() });
const attemptsSql = `SELECT id, attempts FROM deliveries WHERE alert = ANY ($1::bigint[]) AND attempts <> ''`;

const dropSql = `WITH dropped AS (
    DELETE FROM deliveries USING unnest($1::bigint[], $2::integer[], $3::text[]) AS given (alert, place, revision)
    WHERE deliveries.alert = given.alert AND deliveries.place = given.place
      AND deliveries.xmin = given.revision::xid RETURNING 1
  ) SELECT expect_rows(count(*), cardinality($1)) FROM dropped`;

export const isMoved = ({ stored, alert }: AlertState): boolean =>
  stored !== undefined && !isAppended(stored.alert.deliveries, alert.deliveries);

/** Drops the rows of the alerts that `isMoved` names, and gives the attempts that they had, as lines, by delivery id. */
export const dropMoved = async (
  transaction: Transaction,
  states: readonly AlertState[],
): Promise<ReadonlyMap<string, string>> => {
  const moved = states.filter(isMoved).flatMap(({ stored }) => (stored ? [stored] : []));
  if (moved.length === 0) return new Map();
  const found = await transaction.rows(attemptsRow, attemptsSql, [moved.map(({ sequence }) => sequence)]);
  const places = moved.flatMap(({ sequence, deliveryRevisions }) =>
    deliveryRevisions.map((revision, place) => ({ sequence, place, revision })),
  );
  transaction.send(dropSql, [
    places.map(({ sequence }) => sequence),
    places.map(({ place }) => place),
    places.map(({ revision }) => revision),
  ]);
  return new Map(found.map(({ id, attempts }) => [id, attempts]));
};
