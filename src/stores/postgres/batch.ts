// Many transactions of the port in one of the database: all is locked and read, decided in memory, and then written.
import type { Changes, Snapshot, TransactKeys } from '../event-store.ts';
import { alertRow, toStoredAlert } from './alert-rows.ts';
import { type BatchState, createBatchState } from './batch-state.ts';
import type { Combinations } from './combinations.ts';
import type { Transaction } from './database.ts';
import { eventRow, toStoredEvent } from './event-rows.ts';
import { uuidOf } from './keys.ts';
import { alertsByHashSql, eventsByHashSql, lockAndRead, paymentsSql } from './read-batch.ts';
import { writeAlerts } from './write-alerts.ts';
import { writeEvents } from './write-events.ts';

/** One call of `transact`, waiting for its batch. It may be decided more than once; the last time is kept. */
export interface Decision {
  readonly keys: TransactKeys;
  readonly decide: (snapshot: Snapshot) => Changes<unknown>;
}

/** Decisions that threw, with what they threw. */
export type Failures = ReadonlyMap<Decision, unknown>;

const decideAll = (state: BatchState, decisions: readonly Decision[]): Failures => {
  const failed = new Map<Decision, unknown>();
  for (const decision of decisions) {
    try {
      state.apply(decision.keys, decision.decide(state.snapshot(decision.keys)));
    } catch (error) {
      failed.set(decision, error);
    }
  }
  return failed;
};

const idsOfNew = (states: ReadonlyMap<string, { readonly stored: unknown }>): readonly string[] =>
  [...states].flatMap(([id, { stored }]) => (stored ? [] : [id]));

/** Reads what decisions changed without having named it in their keys. There is seldom anything. */
const readTheRest = async (transaction: Transaction, state: BatchState, isRetry: boolean): Promise<void> => {
  // What is taken for new, and is not, shows in a conflict.
  const newIds = isRetry ? idsOfNew(state.events) : [];
  const eventIds = [...state.unread.keys(), ...newIds];
  const alertIds = isRetry ? idsOfNew(state.alerts) : [];
  const alertsWithPayments = [...state.payments.keys()];
  const [events, payments, alerts] = await Promise.all([
    eventIds.length === 0 ? [] : transaction.rows(eventRow, eventsByHashSql, [eventIds.map(uuidOf)]),
    alertsWithPayments.length === 0 ? [] : transaction.rows(eventRow, paymentsSql, [alertsWithPayments.map(uuidOf)]),
    alertIds.length === 0 ? [] : transaction.rows(alertRow, alertsByHashSql, [alertIds.map(uuidOf)]),
  ]);
  state.found([...events, ...payments].map(toStoredEvent), alerts.map(toStoredAlert));
};

/** To be run in a transaction, which keeps all of it or nothing. */
export const applyBatch = async (
  transaction: Transaction,
  combinations: Combinations,
  decisions: readonly Decision[],
  isRetry: boolean,
): Promise<Failures> => {
  const keys = decisions.map((decision) => decision.keys);
  const state = createBatchState(await lockAndRead(transaction, keys));
  const failed = decideAll(state, decisions);
  await readTheRest(transaction, state, isRetry);
  const toldIds = await writeAlerts(transaction, [...state.alerts.values()], state.unreadAttempts);
  await writeEvents(transaction, combinations, [...state.events.values()], toldIds);
  return failed;
};
