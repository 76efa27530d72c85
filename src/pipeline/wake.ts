// Looks at an alert again: a hold, a silence, a window or a wait is over, or the rules have changed. What is due is a
// column of the alert's row, so that a restart or another replica loses none of it.
import { randomUUID } from 'node:crypto';
import { decideAlert } from '../domain/decide-alert.ts';
import type { Policy } from '../domain/ruling.ts';
import type { AlertChange } from '../domain/settle-alert.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import { announceAlerts } from './announce.ts';
import { type OnBroken, unlessBroken } from './broken-rules.ts';
import type { Bus } from './bus.ts';
import { paymentsOf } from './payments-of.ts';
import type { Stage } from './stage.ts';
import type { Topics } from './topics.ts';

type Due = Topics['alert.due'];

export interface WakeDeps {
  readonly store: Pick<EventStore, 'transact'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly policy: () => Policy;
  readonly now: () => number;
  readonly onBroken: OnBroken;
}

export const createWake = ({ store, bus, policy, now, onBroken }: WakeDeps): Stage<'alert.due', 'alert.looked_at'> => {
  /** @param onBegun called when it sees the alert: what is stored from then on is not looked at */
  const look = async ({ signalId, requestId, alertId, scope, cause }: Due, onBegun: () => void): Promise<void> => {
    const nowMs = now();
    const keys = { scopes: [scope], endedSince: toIso(nowMs), alertId, withMembers: true, withEndings: true };
    const done = await store.transact(keys, ({ alerts, members, endings }) => {
      onBegun();
      const alert = alerts.find(({ alert_id: id }) => id === alertId);
      if (!alert) return { result: undefined };
      const decide = (by: Policy) => decideAlert({ alert, members, endings, cause, policy: by, nowMs, requestId });
      const decided = unlessBroken(policy(), decide, (error) => onBroken({ requestId, alertId }, error));
      const changes: readonly AlertChange[] = [{ alert: decided.alert, history: decided.history }];
      return {
        result: { before: alert, changes },
        alerts: changes,
        otherEvents: decided.events,
        paymentsOf: paymentsOf([alert], changes),
      };
    });
    if (done) announceAlerts(bus, { signalId, requestId }, [done.before], done.changes, nowMs);
  };

  /**
   * What has not begun yet. When thousands of components are well again in one poll, each of them asks for the same look,
   * which reads all events of their alert.
   */
  const waiting = new Map<string, Promise<void>>();

  const lookOnce = (due: Due): Promise<void> => {
    const key = JSON.stringify([due.requestId, due.alertId, due.cause]);
    const known = waiting.get(key);
    if (known) return known;
    let isWaiting = true;
    const stopWaiting = (): void => {
      if (isWaiting) waiting.delete(key);
      isWaiting = false;
    };
    const looked = look(due, stopWaiting).finally(stopWaiting);
    if (isWaiting) waiting.set(key, looked);
    return looked;
  };

  return {
    name: 'wake',
    input: 'alert.due',
    output: 'alert.looked_at',
    async run(due) {
      await lookOnce(due);
      return { signalId: due.signalId, requestId: due.requestId, alertId: due.alertId };
    },
  };
};

const batch = 500;

/** Publishes `alert.due` for every alert whose time has come. Rejects when the store cannot answer. */
export const wakeDue = async (
  store: Pick<EventStore, 'dueAlerts'>,
  bus: Pick<Bus, 'publish'>,
  nowMs: number,
): Promise<void> => {
  for (const { alertId, scope, requestId } of await store.dueAlerts(nowMs, batch))
    bus.publish('alert.due', { signalId: randomUUID(), requestId, alertId, scope, cause: 'time' });
};
