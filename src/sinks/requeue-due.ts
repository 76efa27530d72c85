// Queues again what a crash, a full memory or a waiting delivery left in the store: deliveries whose time has come. Runs
// at start and on a timer; what is under way already is left alone by the deliverer.
import { randomUUID } from 'node:crypto';
import type { Bus } from '../pipeline/bus.ts';
import type { EventStore } from '../stores/event-store.ts';

const batch = 1000;
/** Targets that can take no more are asked for all the same so often: what is more urgent takes another one's place. */
const everyTarget = 10;

export interface Requeue {
  /** One pass over what is due. Rejects when the store cannot answer. */
  run(): Promise<void>;
}

/** @param fullTargets the targets to which nothing more can be queued now */
export const createRequeue = (
  store: Pick<EventStore, 'dueDeliveries' | 'sharedClock'>,
  bus: Bus,
  now: () => number,
  fullTargets: () => readonly string[],
): Requeue => {
  let runs = 0;
  return {
    async run() {
      const without = runs % everyTarget === 0 ? [] : fullTargets();
      runs += 1;
      const leaseNow = (await store.sharedClock()) ?? now;
      for (const due of await store.dueDeliveries(now(), batch, without, leaseNow())) {
        const { alert_id: alertId, scope, request_id: requestId } = due;
        bus.publish('delivery.queued', { signalId: randomUUID(), requestId, alertId, scope, deliveries: [due] });
      }
    },
  };
};
