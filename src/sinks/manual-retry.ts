// Owes once more, because somebody asks for it, what had failed. Whether that may still be sent is decided over what is
// true now: nobody is paged for what is over, and no page is closed whose event is open again.
import { randomUUID } from 'node:crypto';
import { admit, type Delivery, oweAgain } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import { toIso } from '../lib/time.ts';
import type { Bus } from '../pipeline/bus.ts';
import { type RoutingRules, rule } from '../pipeline/routing.ts';
import type { Change, EventRecord, EventStore, Found } from '../stores/event-store.ts';

export type Retry =
  | { readonly kind: 'retried'; readonly delivery: Delivery }
  /** It is owed or accepted already. */
  | { readonly kind: 'unchanged'; readonly delivery: Delivery }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown' };

export interface Retrier {
  retry(deliveryId: string, requestId: string): Promise<Retry>;
  /** Retries all that failed of events first seen at or after `since`, and tells how many may not be sent any more. */
  retryAll(
    since: string | undefined,
    requestId: string,
  ): Promise<{ readonly retried: number; readonly skipped: number }>;
}

/** Why a failed delivery must not be sent any more; null when it may. */
const obstacle = (record: EventRecord, failed: Delivery, rules: RoutingRules): string | null => {
  const admitted = admit(
    failed,
    rules.destinations.find(({ name }) => name === failed.destination),
  );
  if ('refused' in admitted) return admitted.refused;
  const isOver = record.event.resolved_at !== null;
  if (failed.action === 'resolve') return isOver ? null : 'its event is open again, and so its page must stay open';
  if (isOver) return 'its event is over, and nobody is paged for what is over';
  const isPast = record.deliveries.some(
    ({ destination, cycle, action }) =>
      destination === failed.destination && (cycle > failed.cycle || (cycle === failed.cycle && action === 'resolve')),
  );
  if (isPast) return 'its page has been closed, or sent anew, since';
  const { send, because } = rule(record, rules, failed.reaches_people);
  return send ? null : `it would not be sent now, for ${because}`;
};

/** The change that a retry is, for `EventStore.change`. */
export const decideRetry = (
  found: Found,
  deliveryId: string,
  rules: RoutingRules,
  requestId: string,
  nowMs: number,
): Change<Retry> => {
  const record = found === 'forgotten' ? undefined : found;
  const delivery = record?.deliveries.find(({ id }) => id === deliveryId);
  if (!record || !delivery) return { result: { kind: 'unknown' } };
  const { status, destination, action } = delivery;
  if (status === 'pending' || status === 'delivered') return { result: { kind: 'unchanged', delivery } };
  const reason =
    status === 'superseded' ? 'it was called off, and nobody needs it any more' : obstacle(record, delivery, rules);
  if (reason !== null) return { result: { kind: 'refused', reason } };
  const again = oweAgain(delivery, requestId, nowMs);
  return {
    result: { kind: 'retried', delivery: again },
    record: { ...record, deliveries: record.deliveries.map((each) => (each === delivery ? again : each)) },
    history: [
      {
        at: toIso(nowMs),
        change: 'delivery_retried',
        request_id: requestId,
        reason: 'retried by hand',
        destination,
        action,
        fields: { status: { old: status, new: again.status } },
      },
    ],
  };
};

/** So many are retried at once, which share a commit. */
const batch = 100;

export const createRetrier = (
  store: Pick<EventStore, 'change' | 'findDelivery' | 'listDeliveries'>,
  bus: Bus,
  rules: RoutingRules,
  log: Log,
  now: () => number,
): Retrier => {
  const retryOne = async ({ event_id: eventId, id }: Delivery, requestId: string): Promise<Retry> => {
    const result = await store.change(eventId, (found) => decideRetry(found, id, rules, requestId, now()));
    if (result.kind !== 'retried') return result;
    log.info({ request_id: requestId, event_id: eventId, delivery_id: id }, 'delivery.retried');
    const thread = { signalId: randomUUID(), requestId };
    bus.publish('delivery.queued', { ...thread, eventId, deliveryIds: [id], triggered: false });
    return result;
  };

  return {
    async retry(deliveryId, requestId) {
      const delivery = await store.findDelivery(deliveryId);
      return delivery ? retryOne(delivery, requestId) : { kind: 'unknown' };
    },
    async retryAll(since, requestId) {
      const counts = { retried: 0, skipped: 0 };
      let page = await store.listDeliveries({ status: 'failed', since, limit: batch });
      for (;;) {
        const results = await Promise.all(page.deliveries.map((delivery) => retryOne(delivery, requestId)));
        counts.retried += results.filter(({ kind }) => kind === 'retried').length;
        counts.skipped += results.filter(({ kind }) => kind === 'refused').length;
        if (page.next === null) return counts;
        page = await store.listDeliveries({ status: 'failed', since, limit: batch, before: page.next });
      }
    },
  };
};
