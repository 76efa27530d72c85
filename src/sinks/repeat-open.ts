// Sends again what is open to destinations that forget it otherwise. One replica does it, and what fails comes again with
// the next round.
import type { Alert } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Log } from '../lib/log.ts';
import type { EventStore } from '../stores/event-store.ts';
import { smallBounds, walkOpenAlerts } from '../stores/walk-open.ts';
import type { Destination } from './destination.ts';
import type { Destinations } from './destinations.ts';
import { createRequestReader, type OtherSide } from './read-request.ts';

/** What the destination was told last of an alert that is open there; undefined when it was told nothing, or the end. */
export const lastTold = ({ deliveries, cycle }: Alert, target: string): Delivery | undefined => {
  const told = deliveries.filter(
    (each) => each.target === target && each.cycle === cycle && (each.status === 'delivered' || each.may_have_arrived),
  );
  const isEnding = deliveries.some(
    (each) =>
      each.target === target && each.cycle === cycle && each.action === 'resolve' && each.status !== 'superseded',
  );
  return isEnding ? undefined : told.at(-1);
};

export interface Repeater {
  /** One look at the destinations. To be called every few seconds: it does something when a destination's time has come. */
  run(): Promise<void>;
}

export interface RepeaterDeps {
  readonly store: Pick<EventStore, 'listAlerts' | 'readAlert' | 'find' | 'readRaw' | 'tryLease'>;
  readonly destinations: Destinations;
  readonly publicUrl: string | null;
  readonly otherSide?: OtherSide;
  readonly log: Log;
  readonly now: () => number;
}

export const createRepeater = ({ store, destinations, publicUrl, otherSide, log, now }: RepeaterDeps): Repeater => {
  const readRequest = createRequestReader(store, publicUrl, otherSide);
  const lastRunMs = new Map<string, number>();

  /** Whether it is worth going on: a destination that does not answer will not answer for the others either. */
  const repeatOne = async (destination: Destination, listed: Alert): Promise<boolean> => {
    if (!lastTold(listed, destination.target)) return true;
    // A list is sent one after the other: it may have ended since, and would be open there again.
    const alert = (await store.readAlert(listed.alert_id))?.alert;
    const delivery = alert && lastTold(alert, destination.target);
    if (!delivery) return true;
    const result = await destination.send(await readRequest({ delivery, alert }, destination));
    if (result.outcome === 'delivered') return true;
    const { error } = result;
    log.warn({ alert_id: alert.alert_id, destination: destination.name, error }, 'alert.repeat_failed');
    return result.outcome === 'permanent';
  };

  const repeatAll = async (destination: Destination): Promise<void> => {
    for await (const alert of walkOpenAlerts(store, smallBounds)) if (!(await repeatOne(destination, alert))) return;
  };

  /** A clock that stepped back must not make it wait. */
  const isDue = (target: string, everyMs: number): boolean =>
    Math.abs(now() - (lastRunMs.get(target) ?? Number.NEGATIVE_INFINITY)) >= everyMs;

  return {
    async run() {
      for (const destination of destinations.current()) {
        const { target, repeatEveryMs } = destination;
        if (repeatEveryMs === undefined || !isDue(target, repeatEveryMs)) continue;
        lastRunMs.set(target, now());
        // As long as two rounds, so that the replica that has it keeps it, and another takes over when it is gone.
        if (await store.tryLease(`repeat:${target}`, 2 * repeatEveryMs)) await repeatAll(destination);
      }
    },
  };
};
