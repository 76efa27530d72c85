// All that tells people, put together: the deliverer with the paces of its destinations, what brings back to it what waits
// in the store, repeats, maintenances, and what is shown of them.
import type { DeliveryPreview } from '../domain/request-preview.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import type { Tracer } from '../lib/tracer.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { EventStore } from '../stores/event-store.ts';
import { createDeliverer, type Deliverer } from './deliverer.ts';
import type { DeliveryLimits } from './delivery-limits.ts';
import { createDestinationStates, type DestinationStates } from './destination-states.ts';
import type { Destinations } from './destinations.ts';
import { createHealth } from './health.ts';
import { type Maintenances, tellMaintenances } from './maintenances.ts';
import { createRetrier, type Retrier } from './manual-retry.ts';
import { createPace } from './pace.ts';
import { createPreview } from './preview.ts';
import { createRequestReader, type OtherSide, type Reads } from './read-request.ts';
import type { Begun } from './record.ts';
import { createRepeater } from './repeat-open.ts';
import { createRequeue } from './requeue-due.ts';

export interface TellingDeps {
  readonly store: EventStore;
  readonly bus: Bus;
  readonly destinations: Destinations;
  readonly limits: DeliveryLimits;
  /** Where people reach the dashboard, without a slash at its end. */
  readonly publicUrl: string | null;
  readonly otherSide: OtherSide;
  /** The sources of the status pages that are read. */
  readonly pageSources: () => readonly string[];
  /** Whether other processes use the store. */
  readonly isShared: boolean;
  readonly tracer: Pick<Tracer, 'detached'>;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Telling extends Pick<Deliverer, 'idle' | 'inMemory' | 'stop'> {
  /** Queues the deliveries whose time has come. Rejects when the store cannot answer. */
  readonly requeue: () => Promise<void>;
  /** Tells again, where a destination wants that, what is open. To be called every few seconds. Never rejects. */
  readonly repeatOpen: () => Promise<void>;
  readonly maintenances: Maintenances;
  readonly retrier: Retrier;
  readonly states: DestinationStates;
  /** What would be sent for a delivery, which is not. Rejects when the store cannot answer. */
  readonly preview: (what: Begun, reads: Reads) => Promise<DeliveryPreview>;
}

export const createTelling = (deps: TellingDeps): Telling => {
  const { store, bus, destinations, limits, publicUrl, otherSide, pageSources, isShared, tracer, log, now, random } =
    deps;
  const { retryMinMs, timeoutMs: leaseMs } = limits;
  const health = createHealth(store, now);
  const deliverer = createDeliverer({
    store,
    bus,
    destinations,
    gateOf: createPace({ store, now, leaseMs, retryMinMs }),
    health,
    limits,
    publicUrl,
    otherSide,
    isShared,
    log,
    now,
    random,
    onCapacity: () => void tracer.detached(requeue.run).catch(() => undefined),
  });
  const requeue = createRequeue(store, bus, now, deliverer.fullTargets);
  const repeater = createRepeater({ store, destinations, publicUrl, otherSide, log, now });
  const repeats = createFaultLog(log, { failed: 'alert.repeat_failed', over: 'alert.repeats_again', level: 'warn' });
  const previewOf = createPreview(destinations);
  return {
    idle: deliverer.idle,
    inMemory: deliverer.inMemory,
    stop: deliverer.stop,
    requeue: requeue.run,
    repeatOpen: () => repeater.run().then(repeats.worked, repeats.failed),
    maintenances: tellMaintenances({ store, bus, destinations: destinations.current, pageSources, log, now }),
    retrier: createRetrier(store, bus, destinations, log, now),
    states: createDestinationStates({
      destinations: destinations.current,
      health: health.of,
      pausedUntilMs: deliverer.pausedUntilMs,
      store,
      now,
    }),
    async preview({ delivery, alert }, reads) {
      const readRequest = createRequestReader(reads, publicUrl, otherSide);
      const showsRaw = destinations.known(delivery)?.showsRaw ?? false;
      return previewOf(delivery, await readRequest({ delivery, alert }, { showsRaw }));
    },
  };
};
