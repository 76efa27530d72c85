// Entries in order of arrival, each with a rank of how much it is needed. Finds the oldest of a rank, and the entries
// behind a position, without walking all of them.
import { partitionPoint } from '../../lib/partition-point.ts';

export interface Arrival {
  /** Grows with each arrival. */
  readonly sequence: number;
  rank: number;
  removed: boolean;
}

export interface Arrivals<E extends Arrival> {
  /** The number of the next arrival, which no other gets. */
  take(): number;
  add(entry: E): void;
  remove(entry: E): void;
  /** Changes how much an entry is needed. */
  need(entry: E, rank: number): void;
  newest(): E | undefined;
  oldest(rank: number, isLeftOut?: (entry: E) => boolean): E | undefined;
  /** Newest first, from before `sequence` on, leaving out the newest ones for which `isBefore` is false. */
  newestFirst(sequence?: number, isBefore?: (entry: E) => boolean): Iterable<E>;
}

const nobody = (): boolean => false;

export const createArrivals = <E extends Arrival>(ranks: number): Arrivals<E> => {
  let order: E[] = [];
  let removed = 0;
  let lastSequence = 0;
  const counts: number[] = Array.from({ length: ranks }, () => 0);
  /** For each rank, a sequence before which no entry of that rank stands. */
  const scanFrom: number[] = Array.from({ length: ranks }, () => 0);

  const count = (rank: number, by: number): void => {
    counts[rank] = (counts[rank] ?? 0) + by;
  };

  return {
    take: () => ++lastSequence,
    add(entry) {
      order.push(entry);
      count(entry.rank, 1);
      scanFrom[entry.rank] = Math.min(scanFrom[entry.rank] ?? 0, entry.sequence);
    },
    remove(entry) {
      entry.removed = true;
      count(entry.rank, -1);
      removed += 1;
      // What was removed is held until then, and old enough by then that only a full collection frees it.
      if (removed * 8 <= order.length) return;
      order = order.filter((kept) => !kept.removed);
      removed = 0;
    },
    need(entry, rank) {
      if (entry.rank === rank) return;
      count(entry.rank, -1);
      entry.rank = rank;
      count(rank, 1);
      scanFrom[rank] = Math.min(scanFrom[rank] ?? 0, entry.sequence);
    },
    newest: () => order.at(-1),
    oldest(rank, isLeftOut = nobody) {
      if (!counts[rank]) return undefined;
      const from = scanFrom[rank] ?? 0;
      let isFirst = true;
      for (let at = partitionPoint(order, (entry) => entry.sequence < from); at < order.length; at++) {
        const entry = order[at];
        if (!entry || entry.removed || entry.rank !== rank) continue;
        if (isFirst) scanFrom[rank] = entry.sequence;
        isFirst = false;
        if (!isLeftOut(entry)) return entry;
      }
      return undefined;
    },
    *newestFirst(sequence, isBefore) {
      const bySequence =
        sequence === undefined ? order.length : partitionPoint(order, (entry) => entry.sequence < sequence);
      const start = isBefore ? Math.min(bySequence, partitionPoint(order, isBefore)) : bySequence;
      for (let at = start - 1; at >= 0; at--) {
        const entry = order[at];
        if (entry && !entry.removed) yield entry;
      }
    },
  };
};
