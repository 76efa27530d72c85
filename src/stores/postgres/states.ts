// Small states under a key, each a text of JSON.
import * as z from 'zod';
import type { EventStore } from '../event-store.ts';
import { parseState, toStateText } from '../state-text.ts';
import type { Database } from './database.ts';
import { hashOf, lockOf } from './keys.ts';
import { lockSql } from './read-batch.ts';

const bodyRow = z.object({ body: z.string() });

const loadSql = 'SELECT body FROM states WHERE key_hash = $1';
const saveSql = `INSERT INTO states (key_hash, body) VALUES ($1, $2)
  ON CONFLICT (key_hash) DO UPDATE SET body = excluded.body`;

export const createStates = (database: Database): Pick<EventStore, 'loadState' | 'saveState' | 'changeState'> => ({
  async loadState(key) {
    const [row] = await database.rows(bodyRow, loadSql, [hashOf(key)]);
    return parseState(row?.body);
  },
  saveState: (key, state) => database.run(saveSql, [hashOf(key), toStateText(state)]),
  changeState: (key, change) =>
    database.transaction(async (transaction) => {
      // A state that is not there yet has no row to be locked.
      transaction.send(lockSql, [[lockOf(`state ${key}`)]]);
      const [row] = await transaction.rows(bodyRow, loadSql, [hashOf(key)]);
      const { state, result } = change(parseState(row?.body));
      transaction.send(saveSql, [hashOf(key), toStateText(state)]);
      return result;
    }),
});
