// The way to one destination: what waits for it, in order of urgency, a few attempts at a time, as its gate allows. Each
// destination has a lane of its own, so that one that is slow or dead never delays another.
import { maxTimerMs } from '../config/values.ts';
import type { Gate } from './gate.ts';
import { compareUrgency } from './urgency.ts';
import { createWaitingLine, type Place } from './waiting-line.ts';

/** The work's place was needed for something more urgent, or the lane was closed. Nothing of it has begun. */
export class TurnedAway extends Error {
  constructor() {
    super('turned away');
    this.name = 'TurnedAway';
  }
}

interface Waiting {
  readonly place: Place;
  begin(): void;
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
  const waiting = createWaitingLine<Waiting>();
  let running = 0;
  let isAdmitting = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  /** Those who wait until less is under way. */
  let idling: (() => void)[] = [];

  const canAdmit = (): boolean => !isClosed && waiting.size() > 0 && running < concurrency;

  const isBusy = (): boolean => isAdmitting || running > 0;

  const lessIsUnderWay = (): void => {
    const resumed = idling;
    idling = [];
    for (const resume of resumed) resume();
  };

  const pumpAfter = (ms: number): void => {
    if (!isClosed) timer = setTimeout(pump, Math.min(ms, maxTimerMs));
  };

  /** Starts one after the other, until no slot is free or nobody may go. */
  const admit = async (): Promise<void> => {
    isAdmitting = true;
    clearTimeout(timer);
    timer = undefined;
    try {
      while (canAdmit()) {
        const candidates = waiting.firstOfEach(now(), gate.isProbing());
        const taken = await gate.take([...candidates.keys()]);
        if ('waitMs' in taken) {
          pumpAfter(taken.waitMs + 1);
          break;
        }
        const chosen = candidates.get(taken.group);
        if (chosen && waiting.remove(chosen)) {
          running += 1;
          chosen.begin();
          // It was turned away while the gate was asked.
        } else await gate.unused();
      }
    } catch (error) {
      onGateFailed(error);
      pumpAfter(askAgainMs);
    }
    isAdmitting = false;
    lessIsUnderWay();
    // Something came in between the last look and here.
    if (timer === undefined) pump();
  };

  const pump = (): void => {
    if (!isAdmitting && canAdmit()) void admit();
  };

  return {
    gate,
    async run(place, work) {
      if (isClosed) throw new TurnedAway();
      const { promise: turn, resolve: begin, reject } = Promise.withResolvers<void>();
      waiting.add({ place, begin, turnAway: () => reject(new TurnedAway()) });
      pump();
      await turn;
      try {
        return await work();
      } finally {
        running -= 1;
        lessIsUnderWay();
        pump();
      }
    },
    makeRoom(place) {
      const nowMs = now();
      const last = waiting.leastUrgent(nowMs);
      if (!last || compareUrgency(last.place, place, nowMs) <= 0) return false;
      waiting.remove(last);
      last.turnAway();
      return true;
    },
    isBusy,
    async idle() {
      while (isBusy()) await new Promise<void>((resume) => idling.push(resume));
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      for (const each of waiting.clear()) each.turnAway();
    },
  };
};
