// The backends, by the beginning of `STORE_URL`. A new one is a file beside this one and a line here.
import type { Log } from '../lib/log.ts';
import type { EventStore } from './event-store.ts';
import type { OnCommit } from './group-commit.ts';
import { createMemoryStore, type MemoryBounds } from './memory/store.ts';
import { createPostgresStore } from './postgres/store.ts';
import { createSqliteStore } from './sqlite/store.ts';

const sqlitePrefix = 'sqlite:';

/**
 * @param url `memory:`, `sqlite:PATH` or `postgres://…`, as the configuration has checked it
 * @param onCommit told of each group commit, which `memory:` has none of
 * @throws {StoreUnusable} when a file cannot be the store; a database that is away is waited for instead
 */
export const openStore = (
  { url, ...bounds }: MemoryBounds & { readonly url: string },
  log: Log,
  onCommit?: OnCommit,
): EventStore => {
  if (url.startsWith(sqlitePrefix)) return createSqliteStore({ path: url.slice(sqlitePrefix.length) }, onCommit);
  if (url.startsWith('postgres')) return createPostgresStore({ url, log }, onCommit);
  return createMemoryStore(bounds);
};
