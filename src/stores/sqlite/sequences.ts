// Times as places in the order of arrival. A row's time never lies before that of an earlier row, so no index is needed:
// the place is found by halving.
import type { DatabaseSync } from 'node:sqlite';
import { integer, text } from './columns.ts';

export const beyondAll = Number.MAX_SAFE_INTEGER;

export interface Sequences {
  /** The first sequence at or after this time; beyond all of them when there is none. */
  from(time: string): number;
}

export const createSequences = (db: DatabaseSync, table: 'events' | 'alerts', column: string): Sequences => {
  const atOrAfter = db.prepare(
    `SELECT sequence, ${column} AS time FROM ${table} WHERE sequence >= ? ORDER BY sequence LIMIT 1`,
  );
  const newest = db.prepare(`SELECT max(sequence) AS sequence FROM ${table}`);

  return {
    from(time) {
      const last = newest.get()?.sequence;
      if (typeof last !== 'number' || time === '') return last === null ? beyondAll : 0;
      let low = 0;
      // One beyond the last, where nothing is.
      let high = last + 1;
      while (low < high) {
        const middle = Math.floor((low + high) / 2);
        const row = atOrAfter.get(middle);
        if (!row || text(row, 'time') >= time) high = middle;
        else low = integer(row, 'sequence') + 1;
      }
      return low > last ? beyondAll : low;
    },
  };
};
