// The alerts that a batch changed, with their deliveries, each kind of change in one statement.
import type { Delivery } from '../../domain/delivery.ts';
import { isRecordChanged, newsOf } from '../change-feed.ts';
import { toLines } from '../rows.ts';
import {
  alertRelation,
  changingColumns,
  deliveryColumns,
  deliveryRelation,
  newAlertRelation,
  newDeliveryRelation,
  toAlertRow,
  toDeliveryRow,
} from './alert-rows.ts';
import type { AlertState } from './batch-state.ts';
import type { Transaction } from './database.ts';
import { assign, changedIfTold, changedNow, updateAll } from './expect-rows.ts';
import { uuidOf } from './keys.ts';
import { inChunks } from './relation.ts';

export const insertAlertsSql = `INSERT INTO alerts (sequence, changed_xid, ${newAlertRelation.names})
  SELECT nextval('alerts_sequence'), ${changedNow}, ${newAlertRelation.selected} FROM ${newAlertRelation.given}`;

const updateSql = updateAll(
  'alerts',
  `${assign(changingColumns)}, history = alerts.history || given.history, ${changedIfTold('alerts')}`,
  alertRelation.given,
  'alerts.sequence = given.sequence',
);

const touchSql = `UPDATE alerts SET changed_xid = ${changedNow} WHERE sequence = ANY ($1::bigint[])`;

export const insertDeliveriesSql = `INSERT INTO deliveries (alert, ${deliveryColumns.join(', ')})
  SELECT alerts.sequence, ${deliveryColumns.map((name) => `given.${name}`).join(', ')}
  FROM ${newDeliveryRelation.given} JOIN alerts ON alerts.alert_hash = given.alert_hash`;

const updateDeliveriesSql = updateAll(
  'deliveries',
  `${assign(deliveryColumns.filter((name) => name !== 'place' && name !== 'attempts'))},
    attempts = deliveries.attempts || given.attempts`,
  deliveryRelation.given,
  'deliveries.alert = given.alert AND deliveries.place = given.place',
);

const dropDeliveriesSql = `DELETE FROM deliveries USING unnest($1::bigint[], $2::integer[]) AS given (alert, length)
  WHERE deliveries.alert = given.alert AND deliveries.place >= given.length`;

const isChanged = ({ stored, alert, history }: AlertState): boolean =>
  stored !== undefined && (history.length > 0 || isRecordChanged(stored.alert, alert));

const isTold = ({ stored, alert }: AlertState): boolean => newsOf(stored?.alert, alert).isTold;

const writeRecords = (transaction: Transaction, states: readonly AlertState[]): void => {
  const rowOf = (state: AlertState) => toAlertRow(state.alert, state.openedAt, toLines(state.history));
  const fresh = states.filter(({ stored }) => !stored);
  for (const chunk of inChunks(fresh.map(rowOf))) transaction.send(insertAlertsSql, newAlertRelation.values(chunk));
  const updated = states.flatMap((state) =>
    state.stored && isChanged(state)
      ? [{ ...rowOf(state), sequence: state.stored.sequence, revision: state.stored.revision, is_told: isTold(state) }]
      : [],
  );
  for (const chunk of inChunks(updated)) transaction.send(updateSql, alertRelation.values(chunk));
  const touched = states.flatMap((state) =>
    state.stored && !isChanged(state) && isTold(state) ? [state.stored.sequence] : [],
  );
  if (touched.length > 0) transaction.send(touchSql, [touched]);
};

const writeDeliveries = (transaction: Transaction, states: readonly AlertState[]): void => {
  const rowOf = ({ attempts }: AlertState, delivery: Delivery, place: number) =>
    toDeliveryRow(delivery, place, toLines(attempts.get(delivery.id) ?? []));
  const fresh = states.flatMap((state) =>
    state.alert.deliveries.flatMap((delivery, place) =>
      state.stored?.alert.deliveries[place]
        ? []
        : [{ ...rowOf(state, delivery, place), alert_hash: uuidOf(state.alert.alert_id) }],
    ),
  );
  const updated = states.flatMap((state) =>
    state.alert.deliveries.flatMap((delivery, place) => {
      const { stored } = state;
      const before = stored?.alert.deliveries[place];
      if (!stored || !before || (before === delivery && !state.attempts.has(delivery.id))) return [];
      const revision = stored.deliveryRevisions[place] ?? '0';
      return [{ ...rowOf(state, delivery, place), alert: stored.sequence, revision }];
    }),
  );
  const shortened = states.flatMap(({ stored, alert: { deliveries } }) =>
    stored && deliveries.length < stored.alert.deliveries.length
      ? [{ alert: stored.sequence, length: deliveries.length }]
      : [],
  );
  for (const chunk of inChunks(fresh)) transaction.send(insertDeliveriesSql, newDeliveryRelation.values(chunk));
  for (const chunk of inChunks(updated)) transaction.send(updateDeliveriesSql, deliveryRelation.values(chunk));
  if (shortened.length > 0) {
    transaction.send(dropDeliveriesSql, [shortened.map(({ alert }) => alert), shortened.map(({ length }) => length)]);
  }
};

/** Gives the ids of the events that are told with the alerts' deliveries. */
export const writeAlerts = (transaction: Transaction, states: readonly AlertState[]): ReadonlySet<string> => {
  const changed = states.filter(
    ({ stored, alert, history, attempts }) => stored?.alert !== alert || history.length > 0 || attempts.size > 0,
  );
  writeRecords(transaction, changed);
  writeDeliveries(transaction, changed);
  return new Set(changed.flatMap(({ stored, alert }) => newsOf(stored?.alert, alert).eventIds));
};
