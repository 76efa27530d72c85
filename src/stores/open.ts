// The backends, by the beginning of `STORE_URL`. A new one is a file beside this one and a line here.
import type { Log } from '../log.ts';
import { createMemoryStore, type MemoryBounds } from './memory.ts';
import { createPostgresStore } from './postgres.ts';
import { createSqliteStore } from './sqlite.ts';
import type { EventStore } from './store.ts';

const sqlitePrefix = 'sqlite:';

/**
 * @param url `memory:`, `sqlite:PATH` or `postgres://…`, as the configuration has checked it
 * @throws {StoreUnusable} when a file cannot be the store; a database that is away is waited for instead
 */
export const openStore = ({ url, ...bounds }: MemoryBounds & { readonly url: string }, log: Log): EventStore => {
  if (url.startsWith(sqlitePrefix)) return createSqliteStore({ path: url.slice(sqlitePrefix.length) });
  if (url.startsWith('postgres')) return createPostgresStore({ url, log });
  return createMemoryStore(bounds);
};
