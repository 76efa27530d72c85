// Payments of one kind share no scope, so a storm is counted before the transaction, without a lock. Of a hundred that
// come at once each would find nothing stored, and be told. So no more of a kind are under way at a time than may still be
// told one by one; the others wait for those, and count again. Each process counts its own.
import type { EventStore } from '../stores/event-store.ts';

export type CountedStorm = Awaited<ReturnType<EventStore['stormOf']>>;

export interface StormGate {
  /** Counts, waits while too many of this kind are under way, and does the work with what was counted last. */
  pass<T>(stormKey: string, count: () => Promise<CountedStorm>, work: (storm: CountedStorm) => Promise<T>): Promise<T>;
}

interface Kind {
  readonly underWay: Set<Promise<unknown>>;
  /** Grows with each that ends: what was counted before that may lack it. */
  ended: number;
  /** How many are in here; the last one out forgets the kind. */
  inside: number;
}

/** @param maxTold so many alerts of a kind are told before the rest joins the newest */
export const createStormGate = (maxTold: number): StormGate => {
  const kinds = new Map<string, Kind>();

  const track = async <T>(kind: Kind, run: Promise<T>): Promise<T> => {
    kind.underWay.add(run);
    try {
      return await run;
    } finally {
      kind.underWay.delete(run);
      kind.ended += 1;
    }
  };

  const enter = (stormKey: string): Kind => {
    const kind = kinds.get(stormKey) ?? { underWay: new Set(), ended: 0, inside: 0 };
    kinds.set(stormKey, kind);
    kind.inside += 1;
    return kind;
  };

  const leave = (stormKey: string, kind: Kind): void => {
    kind.inside -= 1;
    if (kind.inside === 0) kinds.delete(stormKey);
  };

  return {
    async pass(stormKey, count, work) {
      const kind = enter(stormKey);
      try {
        for (;;) {
          const endedBefore = kind.ended;
          const storm = await count();
          const uncounted = kind.underWay.size + kind.ended - endedBefore;
          if (storm.opened >= maxTold || storm.opened + uncounted < maxTold) return await track(kind, work(storm));
          await Promise.allSettled([...kind.underWay]);
        }
      } finally {
        leave(stormKey, kind);
      }
    },
  };
};
