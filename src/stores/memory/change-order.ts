// The order in which entries changed, each at its last change only, so that it takes no more room than the entries.
import { randomUUID } from 'node:crypto';
import { partitionPoint } from '../../lib/partition-point.ts';

export interface Changed {
  /** The number of its last change; 0 before the first. */
  revision: number;
}

export interface ChangeOrder<E extends Changed> {
  add(entry: E): void;
  /** @param isShown whether somebody who knows of it may still show it as something that goes on */
  drop(entry: E, isShown: boolean): void;
  /**
   * Those that changed after the cursor, up to the first of a kind of which there are `limit` already.
   * @param only the one kind that is looked for
   */
  after(
    cursor: string | null,
    limit: number,
    only?: string,
  ): { readonly entries: readonly E[]; readonly cursor: string } | 'lost';
}

/** How many numbers may be out of date before they are removed, beyond as many as there are entries. */
const slack = 1000;

export const createChangeOrder = <E extends Changed>(kindOf: (entry: E) => string): ChangeOrder<E> => {
  // What another process handed out means nothing here.
  const epoch = randomUUID().slice(0, 8);
  const entries = new Map<number, E>();
  /** Ascending; those that are no key of `entries` are out of date. */
  let revisions: number[] = [];
  let latest = 0;
  /** The newest change that cannot be told any more. */
  let lost = 0;

  const read = (cursor: string): number | undefined => {
    const [itsEpoch, revision = '', ...rest] = cursor.split('.');
    return itsEpoch === epoch && rest.length === 0 && /^\d{1,15}$/.test(revision) ? Number(revision) : undefined;
  };
  const write = (revision: number): string => `${epoch}.${revision}`;

  function* changedAfter(revision: number, only: string | undefined): Iterable<E> {
    const start = partitionPoint(revisions, (each) => each <= revision);
    for (let at = start; at < revisions.length; at++) {
      const entry = entries.get(revisions[at] ?? 0);
      if (entry && (only === undefined || kindOf(entry) === only)) yield entry;
    }
  }

  /** The first ones, up to one too many of a kind. */
  const takeEach = (changed: Iterable<E>, limit: number): { readonly found: readonly E[]; readonly isAll: boolean } => {
    const found: E[] = [];
    const counts = new Map<string, number>();
    for (const entry of changed) {
      const count = counts.get(kindOf(entry)) ?? 0;
      if (count === limit) return { found, isAll: false };
      counts.set(kindOf(entry), count + 1);
      found.push(entry);
    }
    return { found, isAll: true };
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
    after(cursor, limit, only) {
      const from = cursor === null ? latest : read(cursor);
      if (from === undefined || from < lost || from > latest) return 'lost';
      const { found, isAll } = takeEach(changedAfter(from, only), limit);
      return { entries: found, cursor: write(isAll ? latest : (found.at(-1)?.revision ?? from)) };
    },
  };
};
