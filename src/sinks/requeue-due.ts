// Publishes again what a crash, a full bus or a waiting delivery left behind: events whose last change was never
// routed, and deliveries whose time has come. Runs at start and on a timer; deciding or delivering twice does no harm.
import { randomUUID } from 'node:crypto';
import { toIso } from '../lib/time.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { EventStore } from '../stores/event-store.ts';

const batch = 1000;

export interface Recovery {
  /** One pass over what is left, of changes at least `ageMs` old. Rejects when the store cannot answer. */
  run(ageMs: number): Promise<void>;
}

export const createRecovery = (
  store: Pick<EventStore, 'undecided' | 'dueDeliveries'>,
  bus: Bus,
  now: () => number,
): Recovery => ({
  async run(ageMs) {
    for (const { eventId, requestId } of await store.undecided(toIso(now() - ageMs), batch)) {
      bus.publish('event.stored', { signalId: randomUUID(), requestId, eventId, change: 'recovered' });
    }
    for (const { eventId, deliveryId, requestId } of await store.dueDeliveries(now(), batch)) {
      bus.publish('delivery.queued', {
        signalId: randomUUID(),
        requestId,
        eventId,
        deliveryIds: [deliveryId],
        triggered: false,
      });
    }
  },
});
