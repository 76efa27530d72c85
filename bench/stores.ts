// The three stores as a service is given them, each new and empty.
import { join } from 'node:path';
import { startPostgres } from '../test/support/postgres.ts';
import { temporaryFolder } from './processes.ts';

/** So long that nothing is removed while it is measured. */
export const keepAll = { EVENT_RETENTION_DAYS: '36500' } as const;

export interface Store {
  readonly name: string;
  readonly url: string;
  remove(): Promise<void>;
}

export const memoryStore = async (): Promise<Store> => ({ name: 'memory', url: 'memory:', remove: async () => {} });

export const sqliteStore = async (): Promise<Store> => {
  const folder = await temporaryFolder();
  return { name: 'SQLite', url: `sqlite:${join(folder.path, 'events.db')}`, remove: folder.remove };
};

/** A server of its own, with fsync. */
export const postgresStore = async (): Promise<Store> => {
  const { url, remove } = await startPostgres();
  return { name: 'PostgreSQL', url, remove };
};
