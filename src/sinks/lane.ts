// The way to one destination: what waits for it, in order of urgency, a few attempts at a time, as its gate allows. Each
// destination has a lane of its own, so that one that is slow or dead never delays another.
import { AsyncResource } from 'node:async_hooks';
import { maxTimerMs } from '../config/values.ts';
import type { Gate } from './gate.ts';
import { compareUrgency, type Group, groupOf, groups, type Urgency } from './urgency.ts';

/** The work's place was needed for something more urgent, or the lane was closed. Nothing of it has begun. */
export class TurnedAway extends Error {
  constructor() {
    super('turned away');
    this.name = 'TurnedAway';
  }
}

export interface Place extends Urgency {
  /** How often an attempt to send it has failed since the destination was well. */
  readonly setbacks: number;
}

interface Waiting {
  readonly place: Place;
  begin(): Promise<void>;
  turnAway(): void;
}

export interface Lane {
  readonly gate: Gate;
  /** Runs `work` when its turn has come. Rejects with `TurnedAway`, or with what the work rejects with. */
  run<T>(place: Place, work: () => Promise<T>): Promise<T>;
  /** Turns the least urgent one away, if it is less urgent than this; tells whether there is room now. */
  makeRoom(place: Place): boolean;
  /** Whether something runs, or is about to. */
  isBusy(): boolean;
  /** Resolves when nothing runs, and what waits must wait for its gate. */
  idle(): Promise<void>;
  /** Turns away all that waits. What runs is left to end. */
  close(): void;
}

export interface LaneOptions {
  readonly gate: Gate;
  readonly concurrency: number;
  readonly now: () => number;
  /** Told when the gate could not be asked, which is tried again. */
  readonly onGateFailed: (error: unknown) => void;
}

const askAgainMs = 1000;

export const createLane = ({ gate, concurrency, now, onGateFailed }: LaneOptions): Lane => {
  const waiting = new Set<Waiting>();
  const running = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let admitting: Promise<void> | undefined;
  let isClosed = false;

  /** In one pass: as many may wait as may be in memory, and it is asked for each that begins. */
  const firstOfEach = (): ReadonlyMap<Group, Waiting> => {
    const nowMs = now();
    const isProbing = gate.isProbing();
    const first = new Map<Group, Waiting>();
    for (const each of waiting) {
      const group = groupOf(each.place);
      const best = first.get(group);
      // A probe that failed goes behind the others.
      const bySetbacks = isProbing && best ? each.place.setbacks - best.place.setbacks : 0;
      if (!best || (bySetbacks || compareUrgency(each.place, best.place, nowMs)) < 0) first.set(group, each);
    }
    return new Map(
      groups
        .flatMap((group) => {
          const one = first.get(group);
          return one ? [[group, one] as const] : [];
        })
        .sort(([, a], [, b]) => compareUrgency(a.place, b.place, nowMs)),
    );
  };

  const start = (one: Waiting): void => {
    waiting.delete(one);
    const run = one.begin().finally(() => {
      running.delete(run);
      pump();
    });
    running.add(run);
  };

  /** Starts one, or tells how long nobody may go; undefined when there is nothing to start. */
  const admitNext = async (): Promise<'started' | { readonly waitMs: number } | undefined> => {
    if (waiting.size === 0 || running.size >= concurrency) return undefined;
    const candidates = firstOfEach();
    const taken = await gate.take([...candidates.keys()]);
    if ('waitMs' in taken) return taken;
    const chosen = candidates.get(taken.group);
    if (chosen && waiting.has(chosen)) start(chosen);
    // It was turned away while the gate was asked.
    else await gate.unused();
    return 'started';
  };

  const admit = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    for (;;) {
      const step = isClosed ? undefined : await admitNext();
      if (step === 'started') continue;
      if (step && !isClosed) timer = setTimeout(pump, Math.min(step.waitMs + 1, maxTimerMs));
      return;
    }
  };

  const admitAgain = (error: unknown): void => {
    onGateFailed(error);
    if (!isClosed) timer = setTimeout(pump, askAgainMs);
  };

  const pump = (): void => {
    if (admitting || isClosed || waiting.size === 0) return;
    admitting = admit()
      .catch(admitAgain)
      .finally(() => {
        admitting = undefined;
        // Something came in between the last look and here.
        if (timer === undefined && running.size < concurrency) pump();
      });
  };

  return {
    gate,
    run: (place, work) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          reject(new TurnedAway());
          return;
        }
        waiting.add({
          place,
          // In the trace of who asked for it, not of whose end made room.
          begin: AsyncResource.bind(() => work().then(resolve, reject)),
          turnAway: () => reject(new TurnedAway()),
        });
        pump();
      }),
    makeRoom(place) {
      const nowMs = now();
      const last = [...waiting].reduce<Waiting | undefined>(
        (least, each) => (!least || compareUrgency(each.place, least.place, nowMs) >= 0 ? each : least),
        undefined,
      );
      if (!last || compareUrgency(last.place, place, nowMs) <= 0) return false;
      waiting.delete(last);
      last.turnAway();
      return true;
    },
    isBusy: () => admitting !== undefined || running.size > 0,
    async idle() {
      while (admitting !== undefined || running.size > 0) await Promise.all([admitting, ...running]);
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const each of waiting) each.turnAway();
      waiting.clear();
    },
  };
};
