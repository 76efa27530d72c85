// The alerts that a batch changed, with their deliveries, each kind of change in one statement.
import type { Attempt } from '../../domain/delivery.ts';
import { isRecordChanged, newsOf } from '../change-feed.ts';
import { addedHistorySql } from '../history-bounds.ts';
import { toHistoryLines } from '../rows.ts';
import { alertRelation, changingColumns, newAlertRelation, toAlertRow } from './alert-rows.ts';
import type { AlertState } from './batch-state.ts';
import type { Transaction } from './database.ts';
import { assign, changedIfTold, changedNow, updateAll } from './expect-rows.ts';
import { inChunks } from './relation.ts';
import { writeDeliveries } from './write-deliveries.ts';

export const insertAlertsSql = `INSERT INTO alerts (sequence, changed_xid, ${newAlertRelation.names})
  SELECT nextval('alerts_sequence'), ${changedNow}, ${newAlertRelation.selected} FROM ${newAlertRelation.given}`;

const updateSql = updateAll(
  'alerts',
  `${assign(changingColumns)}, history = ${addedHistorySql('alerts.history', 'given.history', 'strpos')}, ${changedIfTold('alerts')}`,
  alertRelation.given,
  'alerts.sequence = given.sequence',
);

const touchSql = `UPDATE alerts SET changed_xid = ${changedNow} WHERE sequence = ANY ($1::bigint[])`;

const isChanged = ({ stored, alert, history }: AlertState): boolean =>
  stored !== undefined && (history.length > 0 || isRecordChanged(stored.alert, alert));

const isTold = ({ stored, alert }: AlertState): boolean => newsOf(stored?.alert, alert).isTold;

const writeRecords = (transaction: Transaction, states: readonly AlertState[]): void => {
  const rowOf = (state: AlertState) => toAlertRow(state.alert, state.openedAt, toHistoryLines(state.history));
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

/**
 * Gives the ids of the events that are told with the alerts' deliveries.
 * @param ofUnread attempts of deliveries whose alerts were not read, by delivery id
 */
export const writeAlerts = async (
  transaction: Transaction,
  states: readonly AlertState[],
  ofUnread: ReadonlyMap<string, readonly Attempt[]>,
): Promise<ReadonlySet<string>> => {
  const changed = states.filter(
    ({ stored, alert, history, attempts }) => stored?.alert !== alert || history.length > 0 || attempts.size > 0,
  );
  writeRecords(transaction, changed);
  await writeDeliveries(transaction, changed, ofUnread);
  return new Set(changed.flatMap(({ stored, alert }) => newsOf(stored?.alert, alert).eventIds));
};
