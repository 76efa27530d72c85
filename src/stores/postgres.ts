// The store for several replicas: one PostgreSQL database that they share. A change is committed before its promise
// resolves. A database that is away makes every method reject, until it is back.
import type { Log } from '../log.ts';
import type { OnCommit } from './group.ts';
import { createChanges } from './postgres/changes.ts';
import { createDatabase } from './postgres/database.ts';
import { migrate } from './postgres/migrations.ts';
import { createQueries } from './postgres/queries.ts';
import { createTurns } from './postgres/turns.ts';
import type { EventStore } from './store.ts';

/**
 * Connects when it is first used. Every method rejects with `StoreUnusable` when the schema is that of a newer
 * version, or the database refuses ours.
 */
export const createPostgresStore = (
  { url, log }: { readonly url: string; readonly log: Log },
  onCommit?: OnCommit,
): EventStore => {
  const database = createDatabase(url, log, (empty) => migrate(empty, log));
  const { change, idle } = createChanges(database, onCommit);

  return {
    ...createQueries(database),
    ...createTurns(database),
    change,
    async close() {
      await idle();
      await database.close();
    },
  };
};
