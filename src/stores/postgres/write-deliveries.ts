// The deliveries of the alerts that a batch changed, and their attempts, each kind of change in one statement.
import type { Attempt, Delivery } from '../../domain/delivery.ts';
import { toLines } from '../rows.ts';
import { deliveryColumns, deliveryRelation, newDeliveryRelation, toDeliveryRow } from './alert-rows.ts';
import type { AlertState } from './batch-state.ts';
import type { Transaction } from './database.ts';
import { dropMoved, isMoved } from './drop-moved.ts';
import { assign, updateAll } from './expect-rows.ts';
import { uuidOf } from './keys.ts';
import { inChunks } from './relation.ts';
import { storable } from './statement.ts';

export const insertDeliveriesSql = `INSERT INTO deliveries (alert, ${deliveryColumns.join(', ')})
  SELECT alerts.sequence, ${deliveryColumns.map((name) => `given.${name}`).join(', ')}
  FROM ${newDeliveryRelation.given} JOIN alerts ON alerts.alert_hash = given.alert_hash`;

const updateSql = updateAll(
  'deliveries',
  `${assign(deliveryColumns.filter((name) => name !== 'place' && name !== 'attempts'))},
    attempts = deliveries.attempts || given.attempts`,
  deliveryRelation.given,
  'deliveries.alert = given.alert AND deliveries.place = given.place',
);

const attemptsSql = 'UPDATE deliveries SET attempts = attempts || $2 WHERE id = $1';

const attemptsOf = ({ attempts }: AlertState, { id }: Delivery): string => toLines(attempts.get(id) ?? []);

/** @param kept the attempts of rows that were dropped, as lines, by delivery id */
const newRows = (state: AlertState, kept: ReadonlyMap<string, string>) => {
  const { stored, alert } = state;
  const before = stored && !isMoved(state) ? stored.alert.deliveries.length : 0;
  return alert.deliveries.slice(before).map((delivery, at) => ({
    ...toDeliveryRow(delivery, before + at, `${kept.get(delivery.id) ?? ''}${attemptsOf(state, delivery)}`),
    alert_hash: uuidOf(alert.alert_id),
  }));
};

const changedRows = (state: AlertState) => {
  const { stored, alert, attempts } = state;
  if (!stored || isMoved(state)) return [];
  return stored.alert.deliveries.flatMap((before, place) => {
    const delivery = alert.deliveries[place];
    if (!delivery || (before === delivery && !attempts.has(delivery.id))) return [];
    const revision = stored.deliveryRevisions[place] ?? '0';
    return [{ ...toDeliveryRow(delivery, place, attemptsOf(state, delivery)), alert: stored.sequence, revision }];
  });
};

/** @param ofUnread attempts of deliveries whose alerts were not read, by delivery id */
export const writeDeliveries = async (
  transaction: Transaction,
  states: readonly AlertState[],
  ofUnread: ReadonlyMap<string, readonly Attempt[]>,
): Promise<void> => {
  const kept = await dropMoved(transaction, states);
  const fresh = states.flatMap((state) => newRows(state, kept));
  for (const chunk of inChunks(fresh)) transaction.send(insertDeliveriesSql, newDeliveryRelation.values(chunk));
  const changed = states.flatMap(changedRows);
  for (const chunk of inChunks(changed)) transaction.send(updateSql, deliveryRelation.values(chunk));
  for (const [id, attempts] of ofUnread) transaction.send(attemptsSql, [storable(id), toLines(attempts)]);
};
