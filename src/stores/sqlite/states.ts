// The small states, which share the commits of everything else.
import type { DatabaseSync } from 'node:sqlite';
import type { EventStore } from '../event-store.ts';
import { toKey } from '../rows.ts';
import { parseState, toStateText } from '../state-text.ts';
import { text } from './columns.ts';
import type { Transactions } from './transactions.ts';

export interface States {
  load(key: string): unknown;
  readonly save: EventStore['saveState'];
  readonly change: EventStore['changeState'];
}

export const createStates = (db: DatabaseSync, { run }: Pick<Transactions, 'run'>): States => {
  const get = db.prepare('SELECT body FROM states WHERE key = ?');
  const put = db.prepare('INSERT OR REPLACE INTO states VALUES (?, ?)');

  const load = (key: string): unknown => {
    const row = get.get(toKey(key));
    return parseState(row && text(row, 'body'));
  };

  const planSave = (key: string, state: unknown): (() => void) => {
    const body = toStateText(state);
    return () => void put.run(toKey(key), body);
  };

  return {
    load,
    save(key, state) {
      // Serialized now: the caller may change the object before the commit.
      const write = planSave(key, state);
      return run(() => ({ result: undefined, write }));
    },
    change: (key, change) =>
      run(() => {
        const { state, result } = change(load(key));
        return { result, write: planSave(key, state) };
      }),
  };
};
