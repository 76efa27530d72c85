// Opens the one file, for this process alone, and says in plain words why it cannot be used.
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { StoreUnusable } from '../../lib/errors.ts';
import { integer, text } from './columns.ts';
import { asUnusable } from './failures.ts';
import { type FileLock, lockFile } from './lock-file.ts';
import { type MigrateOptions, migrate } from './migrations.ts';

/** "vsig" in ASCII, by which a file of ours is told from another program's. */
export const applicationId = 0x76736967;

/** Nobody else writes; a version that knew no lock file may be ending just now. */
const lockWaitMs = 1000;

const cacheKib = 64 * 1024;

/**
 * So many pages of 4 KiB may be in the log before the writer itself brings them into the file. The second connection
 * does it long before, on its own thread, so that little is left.
 */
const checkpointPages = 16_000;

const pragma = (db: DatabaseSync, name: string) => db.prepare(`PRAGMA ${name}`).get() ?? {};

/** The version of the schema, 0 for a new file. Nothing is written before it is known whose file it is. */
const readVersion = (db: DatabaseSync): number => {
  const isNew = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() === undefined;
  if (!isNew && integer(pragma(db, 'application_id'), 'application_id') !== applicationId) {
    throw new StoreUnusable('it is the database of another program');
  }
  return integer(pragma(db, 'user_version'), 'user_version');
};

const setUp = (db: DatabaseSync, options: MigrateOptions): void => {
  if (text(pragma(db, 'journal_mode = WAL'), 'journal_mode') !== 'wal') {
    throw new StoreUnusable('it is not a file on a disk');
  }
  // FULL makes each commit wait until the log is on disk, which is what an answer of 200 promises.
  db.exec(
    `PRAGMA synchronous = FULL; PRAGMA cache_size = -${cacheKib}; PRAGMA wal_autocheckpoint = ${checkpointPages}`,
  );
  const version = readVersion(db);
  // A file that may only be read is opened all the same, and says so only when something is to be written.
  db.exec(`BEGIN IMMEDIATE; PRAGMA user_version = ${version}; ROLLBACK`);
  migrate(db, version, `PRAGMA application_id = ${applicationId}`, options);
};

/**
 * A write gives the last row's number, and the text index has some beyond what a number holds, at which Node 26 throws:
 * the next write would fail, whichever it is. So writes give theirs as BigInts.
 */
const withLargeRowNumbers = (db: DatabaseSync): void => {
  const prepare = db.prepare.bind(db);
  db.prepare = (sql) => {
    const statement = prepare(sql);
    if (statement.columns().length === 0) statement.setReadBigInts(true);
    return statement;
  };
};

export interface Connection {
  readonly db: DatabaseSync;
  close(): void;
}

/**
 * @throws {StoreUnusable} when the folder is missing, the file or its folder may not be written to, it is no database
 * of ours, a newer version wrote it, or another process has it open
 */
export const connect = (path: string, options: MigrateOptions = {}): Connection => {
  const db = new DatabaseSync(path, { open: false, timeout: lockWaitMs });
  let lock: FileLock | undefined;
  const close = (): void => {
    if (db.isOpen) db.close();
    lock?.release();
  };
  try {
    db.open();
    withLargeRowNumbers(db);
    readVersion(db);
    if (db.location() === null) throw new StoreUnusable('it is not a file on a disk');
    lock = lockFile(path);
    setUp(db, options);
    return { db, close };
  } catch (error) {
    close();
    throw asUnusable(path, error);
  }
};

/** The second connection, of another thread: it reads, and brings the log into the file. */
export const connectAgain = (path: string): DatabaseSync => {
  const existing = pathToFileURL(path);
  // Where the file was removed meanwhile, an empty one must not take its place.
  existing.searchParams.set('mode', 'rw');
  const db = new DatabaseSync(existing, { timeout: lockWaitMs });
  withLargeRowNumbers(db);
  db.exec(`PRAGMA synchronous = FULL; PRAGMA cache_size = -${cacheKib}; PRAGMA wal_autocheckpoint = 0`);
  return db;
};
