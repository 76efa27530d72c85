// Opens the one file, for this process alone, and says in plain words why it cannot be used.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorText, StoreUnavailable, StoreUnusable } from '../../lib/errors.ts';
import { integer, text } from './columns.ts';
import { migrate } from './migrations.ts';

/** "vsig" in ASCII, by which a file of ours is told from another program's. */
export const applicationId = 0x76736967;

/** Long enough for a predecessor that is just ending; this thread does nothing else meanwhile. */
const lockWaitMs = 1000;

const cacheKib = 64 * 1024;

/** By SQLite's result code; the extended one says more where there is one. */
const reasons: Readonly<Record<number, string>> = {
  5: 'another process uses it',
  8: 'it, or its folder, may not be written to',
  11: 'it is damaged',
  13: 'its disk is full',
  14: 'it cannot be opened: it must be a file, in a folder that may be written to',
  26: 'it is not an SQLite database',
  3850: 'it cannot be locked: it must be a file that may be written to, on a disk that knows locks',
};

const resultCode = (error: unknown): number | undefined =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;

const reasonOf = (error: unknown): string => {
  const code = resultCode(error) ?? 0;
  return reasons[code] ?? reasons[code & 0xff] ?? errorText(error);
};

const isClosed = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_STATE';

/** What went wrong while the store is in use: the disk is full, or cannot be read, or the store was closed. */
export const asUnavailable = (error: unknown): unknown =>
  resultCode(error) !== undefined || isClosed(error)
    ? new StoreUnavailable('store_unavailable', `the store's file cannot be used now: ${errorText(error)}`, {
        cause: error,
      })
    : error;

const asUnusable = (path: string, error: unknown): StoreUnusable => {
  const reason = existsSync(dirname(path)) ? reasonOf(error) : 'its folder does not exist';
  return new StoreUnusable(`the store ${path} cannot be used: ${reason}`, { cause: error });
};

const pragma = (db: DatabaseSync, name: string) => db.prepare(`PRAGMA ${name}`).get() ?? {};

/** The version of the schema, 0 for a new file. Nothing is written before it is known whose file it is. */
const readVersion = (db: DatabaseSync): number => {
  const isNew = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!isNew && integer(pragma(db, 'application_id'), 'application_id') !== applicationId) {
    throw new StoreUnusable('it is the database of another program');
  }
  return integer(pragma(db, 'user_version'), 'user_version');
};

const setUp = (db: DatabaseSync): void => {
  // Before the file is read for the first time: only then is it locked at once, and WAL needs no shared memory.
  db.exec('PRAGMA locking_mode = EXCLUSIVE');
  const version = readVersion(db);
  if (text(pragma(db, 'journal_mode = WAL'), 'journal_mode') !== 'wal') {
    throw new StoreUnusable('it is not a file on a disk');
  }
  // FULL makes each commit wait until the log is on disk, which is what an answer of 200 promises.
  db.exec(`PRAGMA synchronous = FULL; PRAGMA cache_size = -${cacheKib}; PRAGMA wal_autocheckpoint = 4000`);
  migrate(db, version, `PRAGMA application_id = ${applicationId}`);
};

/**
 * @throws {StoreUnusable} when the folder is missing, the file or its folder may not be written to, it is no database
 * of ours, a newer version wrote it, or another process has it open
 */
export const connect = (path: string): DatabaseSync => {
  const db = new DatabaseSync(path, { open: false, timeout: lockWaitMs, enableForeignKeyConstraints: true });
  try {
    db.open();
    setUp(db);
    return db;
  } catch (error) {
    if (db.isOpen) db.close();
    throw asUnusable(path, error);
  }
};
