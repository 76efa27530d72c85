// When a destination accepts something again after it refused everything for a while, the triggers and the resolves that
// failed for good meanwhile are tried once more: a revoked key that was put right must neither cost an alert nor leave one
// open there.
import { randomUUID } from 'node:crypto';
import type { Alert } from '../domain/alert.ts';
import { type Attempt, type Delivery, findDelivery } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { Changes, EventStore } from '../stores/event-store.ts';
import { isOvertaken } from './manual-retry.ts';
import { recordRetry } from './record-retry.ts';
import { transactAlert } from './transact-alert.ts';

/** A destination that refused for a shorter time has not been away. */
const refusedForMs = 60_000;
const batch = 100;
const maxBatches = 10;

/** Tried once more, and not again when it fails again: then it is the message that is refused, not the key. */
const isFirstTime = ({ retried_at: retriedAt }: Delivery, since: string): boolean =>
  retriedAt === undefined || retriedAt > since;

/** A trigger tells of what is still open, a resolve of what has stayed over. */
const isStillSo = (alert: Alert, failed: Delivery): boolean => {
  if (failed.cycle !== alert.cycle) return false;
  return failed.action === 'resolve'
    ? alert.state === 'resolved'
    : alert.state === 'open' && !isOvertaken(alert, failed);
};

const decideRevive = (
  alert: Alert | undefined,
  deliveryId: string,
  since: string,
  nowMs: number,
): Changes<Delivery | undefined> => {
  const failed = alert && findDelivery(alert.deliveries, deliveryId);
  if (!alert || failed?.status !== 'failed' || !isStillSo(alert, failed) || !isFirstTime(failed, since))
    return { result: undefined };
  const reason = `the destination accepts again what it had refused since ${since}`;
  return recordRetry(alert, failed, { requestId: failed.request_id, reason }, nowMs);
};

type Store = Pick<EventStore, 'transact' | 'listDeliveries' | 'readAlert'>;

const failedSince = (attempts: readonly Attempt[] | undefined, since: string): boolean =>
  (attempts?.at(-1)?.started_at ?? '') >= since;

export type Revive = (target: string, since: string) => Promise<void>;

/** `since`: when the destination of this target, which has just accepted something, began to refuse everything. */
export const createRevive = (store: Store, bus: Bus, log: Log, now: () => number): Revive => {
  const reviveOne = async (delivery: Delivery, since: string): Promise<void> => {
    const { alert_id: alertId, id } = delivery;
    const detail = await store.readAlert(alertId);
    // An attempt that began before the refusal may have ended in it.
    const from = toIso(Date.parse(since) - refusedForMs);
    if (!detail || !failedSince(detail.attempts.get(id), from)) return;
    const { scope } = detail.alert;
    const again = await transactAlert(store, { scope, alertId }, (alert) => decideRevive(alert, id, since, now()));
    if (!again) return;
    log.info({ request_id: again.request_id, alert_id: alertId, delivery_id: id }, 'delivery.revived');
    const thread = { signalId: randomUUID(), requestId: again.request_id };
    // Before it is sent: it may have been silenced meanwhile, and is then sent after the silence.
    bus.publish('alert.due', { ...thread, alertId, scope, cause: 'time' });
    bus.publish('delivery.queued', { ...thread, alertId, scope, deliveries: [again] });
  };

  const reviveAll = async (action: 'trigger' | 'resolve', target: string, since: string): Promise<void> => {
    const query = { status: 'failed', action, limit: batch } as const;
    let page = await store.listDeliveries(query);
    for (let pages = 1; ; pages++) {
      for (const delivery of page.deliveries) if (delivery.target === target) await reviveOne(delivery, since);
      if (page.next === null || pages === maxBatches) return;
      page = await store.listDeliveries({ ...query, before: page.next });
    }
  };

  return async (target, since) => {
    if (now() - Date.parse(since) < refusedForMs) return;
    await reviveAll('trigger', target, since);
    await reviveAll('resolve', target, since);
  };
};
