// One process owns the store. A lock on the store's own file would keep our second connection out too, so the lock is on
// a file beside it, which is an empty SQLite file for that alone; the system drops it however the process ends.
import { DatabaseSync } from 'node:sqlite';

/** Long enough for a predecessor that is just ending; this thread does nothing else meanwhile. */
const waitMs = 1000;

/** A lock that nothing refers to would be collected as garbage, and dropped while its store is open. */
const held = new Set<DatabaseSync>();

export interface FileLock {
  release(): void;
}

/** @throws SQLite's `SQLITE_BUSY` while another process, or another store of this one, has the lock */
export const lockFile = (path: string): FileLock => {
  const lock = new DatabaseSync(`${path}.lock`, { timeout: waitMs });
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw error;
  }
  held.add(lock);
  return {
    release() {
      held.delete(lock);
      if (lock.isOpen) lock.close();
    },
  };
};
