// Sends what is waiting until it is accepted. Every attempt is taken and recorded in the store, so that a crash loses
// neither the delivery nor the knowledge that an attempt may have arrived. Short waits are p-retry's, in memory and
// holding no slot; a long one is left to the store, where requeue-due.ts finds it when its time has come.
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { Bus } from '../pipeline/bus.ts';
import type { EventStore } from '../stores/event-store.ts';
import { createJob, type Job } from './delivery-job.ts';
import type { DeliveryLimits } from './delivery-limits.ts';
import type { Destination, SendResult } from './destination.ts';
import type { Destinations } from './destinations.ts';
import { type GateOf, openGate } from './gate.ts';
import type { Health } from './health.ts';
import { createLane, type Lane } from './lane.ts';
import { createLeftToOthers } from './left-to-others.ts';
import { createMakeAttempt } from './make-attempt.ts';
import type { OtherSide } from './read-request.ts';
import { createRecordAttempt } from './record-attempt.ts';
import { createRevive } from './revive.ts';
import { createRunJob } from './run-job.ts';

export interface DelivererDeps {
  readonly store: Pick<EventStore, 'transact' | 'find' | 'readRaw' | 'readAlert' | 'listDeliveries' | 'sharedClock'>;
  readonly bus: Bus;
  readonly destinations: Destinations;
  /** What paces the requests to a destination; by default nothing does. */
  readonly gateOf?: GateOf;
  readonly health: Health;
  readonly limits: DeliveryLimits;
  /** Where people reach the dashboard, without a slash at its end. */
  readonly publicUrl: string | null;
  readonly otherSide?: OtherSide;
  readonly log: Log;
  readonly now: () => number;
  readonly random: () => number;
  /** Whether other processes use the store; see left-to-others.ts. */
  readonly isShared?: boolean;
  /** Called when there is room again for deliveries that were turned away. */
  readonly onCapacity: () => void;
}

export interface Deliverer {
  /** Resolves when no attempt is under way or waiting for a slot; those that wait for their time do not count. */
  idle(): Promise<void>;
  /** How many deliveries are being tried, or wait here for a slot or for their next attempt. */
  inMemory(): number;
  /** The targets to which nothing more can be queued now: paused, with as much in memory as may be, or another replica's. */
  fullTargets(): readonly string[];
  /** Until when the destination is paused, in milliseconds; null when it is not. */
  pausedUntilMs(target: string): number | null;
  /** Begins nothing new and waits for the attempts in flight. What still waits stays in the store. */
  stop(): Promise<void>;
}

const usualMaxInMemory = 1000;
const maxSetbacks = 1000;

/** The way to one destination. */
interface Way {
  readonly lane: Lane;
  /** How often deliveries that the store has again failed since the destination was well. */
  readonly setbacks: Map<string, number>;
  inMemory: number;
  hasTurnedAway: boolean;
}

export const createDeliverer = (deps: DelivererDeps): Deliverer => {
  const {
    store,
    bus,
    destinations,
    gateOf = () => openGate,
    health,
    publicUrl,
    otherSide,
    log,
    now,
    random,
    isShared = false,
    onCapacity,
    limits,
  } = deps;
  const { maxInMemory = usualMaxInMemory } = limits;
  const revive = createRevive(store, bus, log, now);
  const stopping = new AbortController();
  const ways = new Map<string, Way>();
  const leftToOthers = createLeftToOthers(destinations, isShared, now);
  const jobs = new Map<string, Job>();
  /** What goes on beside the lanes. */
  const beside = new Set<Promise<unknown>>();

  const track = <T>(work: Promise<T>): Promise<T> => {
    const forget = () => void beside.delete(work);
    beside.add(work);
    work.then(forget, forget);
    return work;
  };

  const reviving = new Set<string>();

  /** When the store fails, the next delivery that is accepted begins it again. */
  const reviveAll = async (target: string, since: string): Promise<void> => {
    if (reviving.has(target)) return;
    reviving.add(target);
    try {
      await revive(target, since);
      await health.revived(target);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) await health.revived(target);
      throw error;
    } finally {
      reviving.delete(target);
    }
  };

  const noteHealth = async ({ id, requestId, target }: Job, result: SendResult): Promise<void> => {
    try {
      const since = await health.ended(target, result);
      if (since !== null) await reviveAll(target, since);
    } catch (error) {
      log.error({ request_id: requestId, delivery_id: id, error: errorText(error) }, 'delivery.revive_failed');
    }
  };

  const runJob = createRunJob({
    makeAttempt: createMakeAttempt({
      store,
      destinations,
      limits,
      log,
      now,
      random,
      publicUrl,
      ...(otherSide && { otherSide }),
    }),
    recordAttempt: createRecordAttempt({ store, bus, limits, log }),
    noteResult: (job, result) => void track(noteHealth(job, result)),
    track,
    log,
    now,
    random,
    stopping: stopping.signal,
  });

  const wayOf = (target: string, destination: Destination | undefined): Way => {
    const known = ways.get(target);
    if (known) return known;
    const configured = () => destinations.current().find((each) => each.target === target) ?? destination;
    const gate = destination ? gateOf(target, () => configured()?.perMinute ?? null) : openGate;
    const lane = createLane({
      gate,
      concurrency: limits.concurrency,
      now,
      onGateFailed: (error) => log.error({ target, error: errorText(error) }, 'pace.broken'),
    });
    const way: Way = { lane, setbacks: new Map(), inMemory: 0, hasTurnedAway: false };
    ways.set(target, way);
    return way;
  };

  const rememberSetbacks = ({ id, setbacks: count }: Job, { lane, setbacks }: Way): void => {
    if (!lane.gate.isProbing() || setbacks.size >= maxSetbacks) setbacks.clear();
    else if (count > 0) setbacks.set(id, count);
  };

  const leave = (job: Job, way: Way): void => {
    jobs.delete(job.id);
    rememberSetbacks(job, way);
    way.inMemory -= 1;
    if (!way.hasTurnedAway || way.inMemory > maxInMemory / 2 || stopping.signal.aborted) return;
    way.hasTurnedAway = false;
    onCapacity();
  };

  const accept = (job: Job, way: Way): void => {
    if (way.inMemory >= maxInMemory) {
      way.hasTurnedAway = true;
      if (!way.lane.makeRoom(job)) return;
    }
    jobs.set(job.id, job);
    way.inMemory += 1;
    void runJob(job, way.lane).then(() => leave(job, way));
  };

  bus.on('delivery.queued', ({ deliveries, ...message }) => {
    for (const delivery of deliveries) {
      if (stopping.signal.aborted || jobs.has(delivery.id) || leftToOthers.has(delivery)) continue;
      // What was carried over from the first version names no target of ours.
      const destination = destinations.known(delivery);
      const target = destination?.target ?? delivery.target;
      const way = wayOf(target, destination);
      accept(createJob(message, delivery, target, way.setbacks.get(delivery.id) ?? 0), way);
    }
  });

  const idle = async (): Promise<void> => {
    const lanes = () => [...ways.values()].map(({ lane }) => lane);
    while (beside.size > 0 || lanes().some((lane) => lane.isBusy()))
      await Promise.allSettled([...beside, ...lanes().map((lane) => lane.idle())]);
  };

  return {
    idle,
    inMemory: () => jobs.size,
    fullTargets: () => [
      ...leftToOthers.targets(),
      ...[...ways]
        .filter(([, way]) => way.hasTurnedAway || way.lane.gate.pausedUntilMs() !== null)
        .map(([target]) => target),
    ],
    pausedUntilMs: (target) => ways.get(target)?.lane.gate.pausedUntilMs() ?? null,
    async stop() {
      stopping.abort();
      for (const { lane } of ways.values()) lane.close();
      await idle();
    },
  };
};
