// The order in which entries changed, each at its last change only, so that it takes no more room than the entries.
import { randomUUID } from 'node:crypto';

export interface Changed {
  /** The number of its last change; 0 before the first. */
  revision: number;
}

export interface ChangeOrder<E extends Changed> {
  add(entry: E): void;
  /** @param isShown whether somebody who knows of it may still show it as something that goes on */
  drop(entry: E, isShown: boolean): void;
  after(cursor: string | null, limit: number): { readonly entries: readonly E[]; readonly cursor: string } | 'lost';
}

/** How many numbers may be out of date before they are removed, beyond as many as there are entries. */
const slack = 1000;

export const createChangeOrder = <E extends Changed>(): ChangeOrder<E> => {
  // What another process handed out means nothing here.
  const epoch = randomUUID().slice(0, 8);
  const entries = new Map<number, E>();
  /** Ascending; those that are no key of `entries` are out of date. */
  let revisions: number[] = [];
  let latest = 0;
  /** The newest change that cannot be told any more. */
  let lost = 0;

  const read = (cursor: string): number | undefined => {
    const [itsEpoch, revision = ''] = cursor.split('.');
    return itsEpoch === epoch && /^\d{1,15}$/.test(revision) ? Number(revision) : undefined;
  };
  const write = (revision: number): string => `${epoch}.${revision}`;

  /** Where the revisions after this one begin. */
  const startAfter = (revision: number): number => {
    let low = 0;
    let high = revisions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((revisions[middle] ?? 0) <= revision) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(entry) {
      entries.delete(entry.revision);
      latest += 1;
      entry.revision = latest;
      entries.set(latest, entry);
      revisions.push(latest);
      if (revisions.length > 2 * entries.size + slack) revisions = [...entries.keys()];
    },
    drop(entry, isShown) {
      entries.delete(entry.revision);
      if (isShown) latest += 1;
      lost = Math.max(lost, isShown ? latest : entry.revision);
    },
    after(cursor, limit) {
      const from = cursor === null ? latest : read(cursor);
      if (from === undefined || from < lost) return 'lost';
      const found: E[] = [];
      for (let at = startAfter(from); at < revisions.length; at++) {
        const entry = entries.get(revisions[at] ?? 0);
        if (!entry) continue;
        found.push(entry);
        if (found.length === limit) return { entries: found, cursor: write(entry.revision) };
      }
      return { entries: found, cursor: write(latest) };
    },
  };
};
