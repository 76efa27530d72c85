// Keeps each destination's pace. With a limit, its state lies in the store, so that all replicas together keep it and a
// restart does not forget it; without one, each process pauses by what it sees itself.
import { StoreUnavailable } from '../lib/errors.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { SendResult } from './destination.ts';
import type { GateOf, Taken } from './gate.ts';
import { finish, freshPace, giveBack, type PaceState, type PaceStep, parsePace, take } from './pace-state.ts';
import type { Group } from './urgency.ts';

export interface PaceDeps {
  readonly store: Pick<EventStore, 'changeState'>;
  readonly now: () => number;
  /** The longest time that an attempt may take, after which somebody else may probe. */
  readonly leaseMs: number;
  /** The first pause for want of an answer; it doubles with each further one, up to a minute. */
  readonly retryMinMs: number;
}

/** However long a group has to wait by what is known here: somebody may have probed with success meanwhile. */
const askAgainMs = 90_000;

/** Gates by destination: to be asked once for each target. The limit may change with the rules. */
export const createPace =
  ({ store, now, leaseMs, retryMinMs }: PaceDeps): GateOf =>
  (target, limit) => {
    /** As it was seen last. While the store is away it is what counts. */
    let known: PaceState = freshPace;
    /** Until when a group cannot send, as far as is known here: until then the store is not asked. */
    const blocked = new Map<Group, number>();
    const taken: number[] = [];

    const local = <T>(step: (state: PaceState) => PaceStep<T>): T => {
      const { state, result } = step(known);
      known = state;
      return result;
    };

    const change = <T>(step: (state: PaceState) => PaceStep<T>): T | Promise<T> =>
      limit() === null ? local(step) : changeStored(step);

    const changeStored = async <T>(step: (state: PaceState) => PaceStep<T>): Promise<T> => {
      try {
        return await store.changeState(`pace:${target}`, (stored) => {
          const { state, result } = step(parsePace(stored));
          known = state;
          return { state, result };
        });
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
        return local(step);
      }
    };

    const knownWaitMs = (waiting: readonly Group[], nowMs: number): number | undefined => {
      const untils = waiting.map((group) => blocked.get(group) ?? 0);
      const firstMs = Math.min(...untils);
      return firstMs > nowMs ? Math.min(firstMs - nowMs, askAgainMs) : undefined;
    };

    return {
      async take(waiting): Promise<Taken> {
        const nowMs = now();
        const waitMs = knownWaitMs(waiting, nowMs);
        if (waitMs !== undefined) return { waitMs };
        const result = await change((state) => take(state, waiting, limit(), now(), leaseMs));
        if ('waitMs' in result) for (const group of waiting) blocked.set(group, now() + result.waitMs);
        else taken.push(now());
        return result;
      },
      async unused() {
        const takenMs = taken.pop();
        if (takenMs === undefined) return;
        blocked.clear();
        await change((state) => ({ state: giveBack(state, takenMs), result: undefined }));
      },
      async ended(result: SendResult) {
        taken.pop();
        const isQuiet = result.outcome === 'delivered' && known.pauses === 0 && known.unanswered === 0;
        if (isQuiet) return;
        blocked.clear();
        await change((state) => ({ state: finish(state, result, retryMinMs, now()), result: undefined }));
      },
      isProbing: () => known.pauses > 0,
      pausedUntilMs: () => {
        const { paused_until_ms: untilMs, pauses } = known;
        if (pauses === 0 || untilMs === null || untilMs <= now()) return null;
        return untilMs;
      },
    };
  };
