// The combinations of values that filters ask for, which are few: each has a number, and events carry that.
import type { DatabaseSync } from 'node:sqlite';
import type { EventRecord } from '../../domain/event-record.ts';
import { combinationOf, combinedFilters } from '../event-filter.ts';
import { integer, text } from './columns.ts';

export interface Combinations {
  /** The number of the event's combination, new or known. */
  idOf(record: EventRecord): number;
  /** Removes those that no event has any more. */
  prune(): void;
  rolledBack(): void;
}

/** JSON has no line break but as an escape. */
const toKey = (values: readonly string[]): string => values.join('\n');

export const createCombinations = (db: DatabaseSync): Combinations => {
  const marks = combinedFilters.map(() => '?').join(', ');
  const all = db.prepare(`SELECT id, ${combinedFilters.join(', ')} FROM combinations`);
  const insert = db.prepare(`INSERT INTO combinations (${combinedFilters.join(', ')}) VALUES (${marks})`);
  const prune = db.prepare(
    'DELETE FROM combinations WHERE NOT EXISTS (SELECT 1 FROM events WHERE combination = combinations.id)',
  );
  const ids = new Map<string, number>();

  const load = (): void => {
    ids.clear();
    for (const row of all.iterate()) {
      ids.set(toKey(combinedFilters.map((column) => text(row, column))), integer(row, 'id'));
    }
  };
  load();

  return {
    idOf(record) {
      const values = combinationOf(record);
      const key = toKey(values);
      const known = ids.get(key);
      if (known !== undefined) return known;
      const id = Number(insert.run(...values).lastInsertRowid);
      ids.set(key, id);
      return id;
    },
    prune() {
      if (prune.run().changes > 0) load();
    },
    rolledBack: load,
  };
};
