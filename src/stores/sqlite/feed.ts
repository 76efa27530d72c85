// `changes` of the port. A number is given to each change; a number that was read once is never given again, so the
// highest one that retention removed is kept beside the rows.
import type { EventStore } from '../event-store.ts';
import type { Reader } from './read.ts';
import type { Writer } from './write.ts';

export interface Feed {
  /** The number of the next change. One that is rolled back is left out. */
  next(): number;
  changes(after: string | null, limit: number): Awaited<ReturnType<EventStore['changes']>>;
  /** Says that the change of this number, and perhaps those before it, cannot be told any more. */
  forget(revision: number): void;
}

const lostKey = 'changes:lost';

export const createFeed = (
  reader: Pick<Reader, 'changes' | 'latestChange' | 'loadState'>,
  saveState: Writer['saveState'],
): Feed => {
  const stored = reader.loadState(lostKey);
  let lost = typeof stored === 'number' ? stored : 0;
  let given = Math.max(reader.latestChange(), lost);

  /** The newest that is on disk: a number beyond it might mean another change after a restart. */
  const newest = (): number => Math.max(reader.latestChange(), lost);

  return {
    next() {
      given += 1;
      return given;
    },
    changes(after, limit) {
      if (after === null) return { records: [], cursor: String(newest()) };
      const from = /^\d{1,15}$/.test(after) ? Number(after) : -1;
      if (from < lost || from > newest()) return 'lost';
      const { records, last } = reader.changes(from, limit);
      return { records, cursor: String(records.length < limit ? newest() : last) };
    },
    forget(revision) {
      if (revision <= lost) return;
      lost = revision;
      saveState(lostKey, lost);
    },
  };
};
