// How far an index that is written late has followed the events, kept beside the states.
import type { DatabaseSync } from 'node:sqlite';
import { toKey } from '../rows.ts';
import { text } from './columns.ts';

export interface Progress {
  load(): number;
  save(value: number): void;
}

export const createProgress = (db: DatabaseSync, name: string): Progress => {
  const load = db.prepare('SELECT body FROM states WHERE key = ?');
  const save = db.prepare('INSERT OR REPLACE INTO states VALUES (?, ?)');
  return {
    load() {
      const row = load.get(toKey(name));
      const value: unknown = row && JSON.parse(text(row, 'body'));
      return typeof value === 'number' ? value : 0;
    },
    save(value) {
      save.run(toKey(name), JSON.stringify(value));
    },
  };
};
