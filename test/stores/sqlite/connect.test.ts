// Which files can be the store, and whose it is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { StoreUnavailable, StoreUnusable } from '../../../src/lib/errors.ts';
import { connect } from '../../../src/stores/sqlite/connect.ts';
import { migrations } from '../../../src/stores/sqlite/migrations.ts';
import { createSqliteStore } from '../../../src/stores/sqlite/store.ts';
import { keep, listed, payment, record } from '../../contract/event-store/setup.ts';
import { newPath, openStore } from './open-file.ts';

const refusalOf = (path: string): string => {
  try {
    connect(path).close();
  } catch (error) {
    if (error instanceof StoreUnusable) return error.message;
    throw error;
  }
  throw new Error('it was opened');
};

it.each<[string, (path: string) => Promise<string>, string]>([
  ['a folder that is missing', async (path) => join(path, 'events.db'), 'its folder does not exist'],
  ['a folder', async (path) => (await mkdir(path)) ?? path, 'it must be a file'],
  ['memory', async () => ':memory:', 'it is not a file on a disk'],
  [
    'something else than a database',
    async (path) => {
      await writeFile(path, 'events, one a line\n'.repeat(100));
      return path;
    },
    'it is not an SQLite database',
  ],
  [
    'the database of another program',
    async (path) => {
      const other = new DatabaseSync(path);
      other.exec('CREATE TABLE songs (title TEXT)');
      other.close();
      return path;
    },
    'it is the database of another program',
  ],
  [
    'what a newer version wrote',
    async (path) => {
      const newer = connect(path);
      newer.db.exec('PRAGMA user_version = 999');
      newer.close();
      return path;
    },
    `its schema is version 999, and this program knows versions up to ${migrations.length}`,
  ],
])('refuses %s, and says why', async (_what, make, reason) => {
  const path = await make(newPath());
  expect(refusalOf(path)).toContain(`the store ${path} cannot be used: `);
  expect(refusalOf(path)).toContain(reason);
});

/** Runs `work` as somebody for whom permissions count, which they do not for root. */
const asNobody = <T>(work: () => T): T => {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    return work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
};

it.each([
  ['a file that may only be read', 0o444, 0o777],
  ['a folder that may only be read', 0o666, 0o555],
])('refuses %s, and says why', async (_what, fileMode, folderMode) => {
  const path = newPath();
  connect(path).close();
  await chmod(path, fileMode);
  await chmod(dirname(path), folderMode);
  onTestFinished(() => chmod(dirname(path), 0o777));
  expect(asNobody(() => refusalOf(path))).toMatch(/may not be written to|must be a file that may be written to/);
});

/** Another process that has done something with the file, and goes on living: its garbage has been collected. */
const inAnotherProcess = async (code: string): Promise<() => Promise<void>> => {
  const collected = `setTimeout(() => { gc(); setTimeout(() => console.log('open')); })`;
  const other = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', `${code}; ${collected}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void other.kill('SIGKILL'));
  await once(other.stdout, 'data');
  return async () => {
    other.kill('SIGKILL');
    await once(other, 'exit');
  };
};

it('is one process’s own until that ends, however it ends', async () => {
  const path = newPath();
  const module = new URL('../../../src/stores/sqlite/store.ts', import.meta.url).href;
  const kill = await inAnotherProcess(
    `const { createSqliteStore } = await import(${JSON.stringify(module)});
     const store = createSqliteStore({ path: ${JSON.stringify(path)} });
     await store.saveState('who', 'other');
     await store.size();
     setInterval(() => undefined, 1000)`,
  );
  expect(refusalOf(path)).toContain('another process uses it');
  await kill();
  const { store } = openStore(path);
  expect(await store.loadState('who')).toBe('other');
});

it('is not opened while the version before has it, which knew no lock file', async () => {
  const path = newPath();
  connect(path).close();
  const kill = await inAnotherProcess(
    `const { DatabaseSync } = await import('node:sqlite');
     const db = new DatabaseSync(${JSON.stringify(path)});
     db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; INSERT INTO states VALUES ('who', '1'); COMMIT");
     setInterval(() => db, 1000)`,
  );
  expect(refusalOf(path)).toContain('another process uses it');
  await kill();
  connect(path).close();
});

it('is not opened twice by one process', async () => {
  const { path } = openStore();
  expect(refusalOf(path)).toContain('another process uses it');
});

it('opening a file again writes nothing, so that a full disk does not prevent it', async () => {
  const path = newPath();
  await createSqliteStore({ path }).close();
  const { db } = openStore(path);
  expect(db.prepare('SELECT total_changes() AS changes').get()).toEqual({ changes: 0 });
});

it('keeps what was committed when its process is killed at once', async () => {
  const path = newPath();
  const module = new URL('../../../src/stores/sqlite/store.ts', import.meta.url).href;
  const kill = await inAnotherProcess(
    `const { createSqliteStore } = await import(${JSON.stringify(module)});
     const store = createSqliteStore({ path: ${JSON.stringify(path)} });
     const event = ${JSON.stringify(payment('a'))};
     await store.transact({ eventId: 'a', scopes: [], endedSince: '' }, () => ({ result: 1, event }));
     setInterval(() => undefined, 1000)`,
  );
  await kill();
  expect(await listed(openStore(path).store)).toEqual(['a']);
});

it('a store that was closed says that it cannot answer, and may be closed again', async () => {
  const store = createSqliteStore({ path: newPath() });
  await keep(store, record('a'));
  await store.listEvents({ limit: 1 });
  await store.close();
  await store.close();
  const asks: readonly (() => Promise<unknown>)[] = [
    () => store.find('a'),
    () => store.listEvents({ limit: 1 }),
    () => store.size(),
    () => keep(store, record('a')),
    () => store.prune('2027', 1),
    () => store.saveState('key', 1),
    () => store.ping(),
  ];
  for (const ask of asks) await expect(ask()).rejects.toBeInstanceOf(StoreUnavailable);
});

it('no write fails because of the numbers of rows of the text index, which are larger than a number holds', async () => {
  const { db, close } = connect(await newPath());
  onTestFinished(close);
  const large = 9_007_336_693_694_465n;
  db.exec('CREATE TABLE large (id INTEGER PRIMARY KEY, word TEXT)');
  expect(db.prepare('INSERT INTO large VALUES (?, ?)').run(large, 'a').lastInsertRowid).toBe(large);
  // The one before is still the last row.
  expect(db.prepare('UPDATE large SET word = ?').run('b').lastInsertRowid).toBe(large);
  expect(db.prepare('SELECT word FROM large').get()).toEqual({ word: 'b' });
});
