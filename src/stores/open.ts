// The backends, by the beginning of `STORE_URL`. A new one is a folder beside this file and a case here.
import { sqlitePathOf, storeKindOf } from '../config/values.ts';
import type { Log } from '../lib/log.ts';
import type { ReadAgain } from './carry-over.ts';
import type { EventStore } from './event-store.ts';
import type { OnCommit } from './group-commit.ts';
import { createMemoryStore, type MemoryBounds } from './memory/store.ts';
import { createPostgresStore } from './postgres/store.ts';
import { createSqliteStore } from './sqlite/store.ts';

/**
 * @param url `memory:`, `sqlite:PATH` or `postgres://…`, as the configuration has checked it
 * @param onCommit told of each group commit, which `memory:` has none of
 * @param readAgain asked for each event of the first version, when a store of it is carried over
 * @throws {StoreUnusable} when a file cannot be the store; a database that is away is waited for instead
 */
export const openStore = (
  { url, ...bounds }: MemoryBounds & { readonly url: string },
  log: Log,
  onCommit?: OnCommit,
  readAgain?: ReadAgain,
): EventStore => {
  switch (storeKindOf(url)) {
    case 'memory':
      return createMemoryStore(bounds);
    case 'sqlite':
      return createSqliteStore(
        {
          path: sqlitePathOf(url),
          readAgain,
          onMigrated: ({ from, to, durationMs }) => log.info({ from, to, duration_ms: durationMs }, 'store.migrated'),
        },
        onCommit,
      );
    case 'postgres':
      return createPostgresStore({ url, log, readAgain }, onCommit);
  }
};
