// Takes up what waits in the store: alerts whose time has come, and deliveries that a crash, a full memory or a wait left
// there. Runs at start and once a second; doing it twice does no harm.
import { StoreUnusable } from '../lib/errors.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Bus } from './bus.ts';
import { wakeDue } from './wake.ts';

export interface Recovery {
  /**
   * One pass. A store that cannot answer is told in the log, and tried again in the next one.
   * Rejects with `StoreUnusable` when waiting mends nothing, which is told as well.
   */
  run(): Promise<void>;
  /** Whether a pass has gone well since the start. */
  isDone(): boolean;
}

export interface RecoveryDeps {
  readonly store: Pick<EventStore, 'dueAlerts'>;
  readonly bus: Pick<Bus, 'publish'>;
  /** Queues the deliveries whose time has come. */
  readonly requeue: () => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
}

export const createRecovery = ({ store, bus, requeue, log, now }: RecoveryDeps): Recovery => {
  let isDone = false;
  const fault = createFaultLog(log, {
    failed: 'recovery.failed',
    over: 'recovery.runs_again',
    level: (error) => (error instanceof StoreUnusable ? 'error' : 'warn'),
  });
  return {
    isDone: () => isDone,
    async run() {
      try {
        await wakeDue(store, bus, now());
        await requeue();
        if (!isDone) log.info('server.ready');
        isDone = true;
        fault.worked();
      } catch (error) {
        fault.failed(error);
        if (error instanceof StoreUnusable) throw error;
      }
    },
  };
};
