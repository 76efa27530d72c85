// Tries a failed delivery once more because somebody asks for it. Whether it may still be sent is decided over what is
// true now: nobody is told of what is over, and no alert is closed that is open again.
import { randomUUID } from 'node:crypto';
import type { Alert } from '../domain/alert.ts';
import { type Delivery, findDelivery } from '../domain/delivery.ts';
import { isNamed } from '../domain/sending.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { Changes, EventStore } from '../stores/event-store.ts';
import type { Destination } from './destination.ts';
import type { Destinations } from './destinations.ts';
import { recordRetry } from './record-retry.ts';
import { transactAlert } from './transact-alert.ts';

export type Retry =
  | { readonly kind: 'retried'; readonly delivery: Delivery }
  /** It waits to be sent, or was accepted. */
  | { readonly kind: 'unchanged'; readonly delivery: Delivery }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown' };

export interface Retrier {
  retry(deliveryId: string, requestId: string): Promise<Retry>;
  /** Retries all failed deliveries of alerts opened at or after `since`, and tells how many may not be sent any more. */
  retryAll(
    since: string | undefined,
    requestId: string,
  ): Promise<{ readonly retried: number; readonly skipped: number }>;
}

/** Whether the destination has been told something later that makes this delivery pointless. */
export const isOvertaken = ({ deliveries }: Alert, { target, ordinal, action }: Delivery): boolean =>
  deliveries.some(
    (other) =>
      other.target === target &&
      other.ordinal > ordinal &&
      other.status !== 'failed' &&
      other.status !== 'superseded' &&
      (other.action === 'resolve' || other.action === 'trigger' || action === 'update'),
  );

const whyNotTold = (
  alert: Alert,
  failed: Delivery,
  to: Destination,
  current: readonly Destination[],
  nowMs: number,
): string | null => {
  if (alert.state === 'resolved') return 'the alert is resolved, and nobody is told of what is over';
  if (failed.cycle !== alert.cycle) return 'the alert was resolved and opened again since, and told anew';
  if (isOvertaken(alert, failed)) return 'the destination was told of this alert again since';
  const member = alert.members.find(({ event_id: id }) => id === failed.event_id);
  const isSent = !member || failed.reason === 'fallback' || isNamed(member, alert, to, current, nowMs);
  return isSent ? null : `it would not be sent now: ${member.ruling.because}`;
};

/** Why a failed delivery must not be sent any more; null when it may. */
const whyNotRetryable = (alert: Alert, failed: Delivery, destinations: Destinations, nowMs: number): string | null => {
  const checked = destinations.check(failed);
  if ('refused' in checked) return checked.refused;
  if (failed.action !== 'resolve') return whyNotTold(alert, failed, checked.to, destinations.current(), nowMs);
  return alert.state === 'resolved' ? null : 'the alert is open again, so it must stay open there';
};

/** What a retry changes, for `EventStore.transact`. */
export const decideRetry = (
  alert: Alert | undefined,
  deliveryId: string,
  destinations: Destinations,
  requestId: string,
  nowMs: number,
): Changes<Retry> => {
  const delivery = alert && findDelivery(alert.deliveries, deliveryId);
  if (!alert || !delivery) return { result: { kind: 'unknown' } };
  const { status } = delivery;
  if (status === 'pending' || status === 'delivered') return { result: { kind: 'unchanged', delivery } };
  const reason =
    status === 'superseded'
      ? 'it was cancelled, because nobody needs it any more'
      : whyNotRetryable(alert, delivery, destinations, nowMs);
  if (reason !== null) return { result: { kind: 'refused', reason } };
  const changes = recordRetry(alert, delivery, { requestId, reason: 'retried manually' }, nowMs);
  return { ...changes, result: { kind: 'retried', delivery: changes.result } };
};

/** So many are retried at once, which share a commit. */
const batch = 100;

export const createRetrier = (
  store: Pick<EventStore, 'transact' | 'findDelivery' | 'listDeliveries' | 'readAlert'>,
  bus: Bus,
  destinations: Destinations,
  log: Log,
  now: () => number,
): Retrier => {
  const retryOne = async ({ alert_id: alertId, id }: Delivery, requestId: string): Promise<Retry> => {
    const scope = (await store.readAlert(alertId))?.alert.scope;
    if (scope === undefined) return { kind: 'unknown' };
    const result = await transactAlert(store, { scope, alertId }, (alert) =>
      decideRetry(alert, id, destinations, requestId, now()),
    );
    if (result.kind !== 'retried') return result;
    log.info({ request_id: requestId, alert_id: alertId, delivery_id: id }, 'delivery.retried');
    const thread = { signalId: randomUUID(), requestId };
    bus.publish('delivery.queued', { ...thread, alertId, scope, deliveries: [result.delivery] });
    return result;
  };

  return {
    async retry(deliveryId, requestId) {
      const delivery = await store.findDelivery(deliveryId);
      return delivery ? retryOne(delivery, requestId) : { kind: 'unknown' };
    },
    async retryAll(since, requestId) {
      const counts = { retried: 0, skipped: 0 };
      const query = { status: 'failed', since, limit: batch } as const;
      let page = await store.listDeliveries(query);
      for (;;) {
        const results = await Promise.all(page.deliveries.map((delivery) => retryOne(delivery, requestId)));
        counts.retried += results.filter(({ kind }) => kind === 'retried').length;
        counts.skipped += results.filter(({ kind }) => kind === 'refused').length;
        if (page.next === null) return counts;
        page = await store.listDeliveries({ ...query, before: page.next });
      }
    },
  };
};
