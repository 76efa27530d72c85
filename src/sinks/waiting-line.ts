// What waits for one destination, kept so that the most and the least urgent of it are found without looking at all.

import { actions } from '../domain/delivery.ts';
import { severities } from '../domain/event.ts';
import { compareUrgency, type Group, groupOf, type Urgency } from './urgency.ts';

export interface Place extends Urgency {
  /** How often an attempt to send it has failed since the destination was well. */
  readonly setbacks: number;
}

interface Placed {
  readonly place: Place;
}

export interface WaitingLine<T extends Placed> {
  size(): number;
  add(one: T): void;
  /** Tells whether it was still there. */
  remove(one: T): boolean;
  /** The most urgent of each group, the most urgent first. When a destination is probed, what failed goes behind. */
  firstOfEach(nowMs: number, isProbing: boolean): ReadonlyMap<Group, T>;
  /** Of what is equally urgent, what came last. */
  leastUrgent(nowMs: number): T | undefined;
  /** Empties it, and gives what was there. */
  clear(): readonly T[];
}

const fewestSetbacks = <T extends Placed>(queue: readonly T[]): T | undefined =>
  queue.reduce<T | undefined>(
    (best, each) => (!best || each.place.setbacks < best.place.setbacks ? each : best),
    undefined,
  );

const goesFirst = (a: Place, b: Place, nowMs: number, isProbing: boolean): boolean =>
  ((isProbing && a.setbacks - b.setbacks) || compareUrgency(a, b, nowMs)) < 0;

export const createWaitingLine = <T extends Placed>(): WaitingLine<T> => {
  /** One for each action and severity, the oldest first: within these the most urgent is always the oldest. */
  const queues: readonly T[][] = actions.flatMap(() => severities.map(() => []));
  let size = 0;

  const queueOf = ({ place: { action, severity } }: T): T[] => {
    const queue = queues[actions.indexOf(action) * severities.length + severities.indexOf(severity)];
    if (!queue) throw new Error(`no queue for ${action} and ${severity}`);
    return queue;
  };

  return {
    size: () => size,
    add(one) {
      const queue = queueOf(one);
      // Nearly always at the end.
      const at = queue.findLastIndex(({ place }) => place.createdMs <= one.place.createdMs) + 1;
      queue.splice(at, 0, one);
      size += 1;
    },
    remove(one) {
      const queue = queueOf(one);
      const at = queue.indexOf(one);
      if (at === -1) return false;
      if (at === 0) queue.shift();
      else queue.splice(at, 1);
      size -= 1;
      return true;
    },
    firstOfEach(nowMs, isProbing) {
      const first = new Map<Group, T>();
      for (const queue of queues) {
        const one = isProbing ? fewestSetbacks(queue) : queue[0];
        if (!one) continue;
        const group = groupOf(one.place);
        const best = first.get(group);
        if (!best || goesFirst(one.place, best.place, nowMs, isProbing)) first.set(group, one);
      }
      if (first.size < 2) return first;
      return new Map([...first].sort(([, a], [, b]) => compareUrgency(a.place, b.place, nowMs)));
    },
    leastUrgent(nowMs) {
      let least: T | undefined;
      for (const queue of queues) {
        const last = queue.at(-1);
        if (last && (!least || compareUrgency(last.place, least.place, nowMs) >= 0)) least = last;
      }
      return least;
    },
    clear() {
      const all = queues.flatMap((queue) => queue.splice(0));
      size = 0;
      return all;
    },
  };
};
