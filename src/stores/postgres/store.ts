// The store for several replicas: one PostgreSQL database that they share. A change is committed before its promise
// resolves. A database that is away makes every method reject, until it is back.
import type { Log } from '../../lib/log.ts';
import type { EventStore } from '../event-store.ts';
import type { OnCommit } from '../group-commit.ts';
import { createChanges } from './changes.ts';
import { createDatabase } from './database.ts';
import { migrate } from './migrations.ts';
import { createQueries } from './queries.ts';
import { createTurns } from './turns.ts';

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
