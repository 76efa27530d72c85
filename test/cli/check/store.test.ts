import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { checkStore } from '../../../src/cli/check/store.ts';
import { migrations as postgresMigrations } from '../../../src/stores/postgres/migrations.ts';
import { createPostgresStore } from '../../../src/stores/postgres/store.ts';
import { migrations as sqliteMigrations } from '../../../src/stores/sqlite/migrations.ts';
import { createSqliteStore } from '../../../src/stores/sqlite/store.ts';
import { collectLog } from '../../support/log.ts';
import { databasePassword, type PostgresServer, startPostgres } from '../../support/postgres.ts';
import { emptyFolder } from '../../support/script.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove(), 60_000);

const newPath = async (): Promise<string> => join(await emptyFolder(), 'events.db');

it('a store in memory has nothing that could be wrong', async () => {
  expect(await checkStore('memory:')).toEqual({ result: 'ok', what: 'store', detail: 'in memory' });
});

it('a file that is not there yet is not made', async () => {
  const path = await newPath();
  expect(await checkStore(`sqlite:${path}`)).toMatchObject({ result: 'ok', detail: 'it is made at the first start' });
  expect(await readdir(join(path, '..'))).toEqual([]);
});

it('a file that no service has open is recognized, and left as it is', async () => {
  const path = await newPath();
  await createSqliteStore({ path }).close();
  const before = await readFile(path);
  expect(await checkStore(`sqlite:${path}`)).toMatchObject({
    result: 'ok',
    detail: `schema version ${sqliteMigrations.length}`,
  });
  expect((await readFile(path)).equals(before)).toBe(true);
});

it('a file with nothing in it will be filled, and an older schema migrated', async () => {
  const empty = await newPath();
  await writeFile(empty, '');
  expect(await checkStore(`sqlite:${empty}`)).toMatchObject({
    result: 'ok',
    detail: 'it is empty, and filled at the first start',
  });
  const old = await newPath();
  await createSqliteStore({ path: old }).close();
  const db = new DatabaseSync(old);
  db.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 1');
  db.close();
  expect(await checkStore(`sqlite:${old}`)).toMatchObject({
    result: 'ok',
    detail: `schema version 1, to be migrated to ${sqliteMigrations.length}`,
  });
});

it('a file that a service has open is left alone', async () => {
  const path = await newPath();
  const store = createSqliteStore({ path });
  onTestFinished(() => store.close());
  expect(await checkStore(`sqlite:${path}`)).toMatchObject({ result: 'ok', detail: expect.stringContaining('in use') });
  await expect(store.ping()).resolves.toBeUndefined();
});

it.each<[string, (path: string) => Promise<void>, string]>([
  ['is no database', (path) => writeFile(path, 'x'.repeat(200)), 'it is no SQLite database'],
  [
    'is another program’s',
    async (path) => {
      const db = new DatabaseSync(path);
      db.exec('CREATE TABLE other (x)');
      db.close();
    },
    'it is the database of another program',
  ],
  [
    'is of a newer version',
    async (path) => {
      await createSqliteStore({ path }).close();
      const db = new DatabaseSync(path);
      db.exec('PRAGMA journal_mode = DELETE; PRAGMA user_version = 99');
      db.close();
    },
    `its schema is version 99, and this program knows versions up to ${sqliteMigrations.length}`,
  ],
])('a file that %s cannot be the store', async (_what, make, detail) => {
  const path = await newPath();
  await make(path);
  expect(await checkStore(`sqlite:${path}`)).toEqual({ result: 'failed', what: 'store', detail });
});

it('a database is asked for its schema, and none is made', async () => {
  const { url } = await server.createSchema();
  const unmade = { result: 'ok', detail: 'its schema is made at the first start' };
  expect(await checkStore(url)).toMatchObject(unmade);
  expect(await checkStore(url)).toMatchObject(unmade);
  const store = createPostgresStore({ url, log: collectLog().log });
  await store.ping();
  await store.close();
  expect(await checkStore(url)).toMatchObject({ result: 'ok', detail: `schema version ${postgresMigrations.length}` });
});

it('a database that is away is said to be, without its password', async () => {
  const url = (await server.createSchema()).url.replace(/:\d+\//, ':1/');
  const check = await checkStore(url);
  expect(check).toMatchObject({ result: 'failed', detail: expect.stringContaining('cannot be used now') });
  expect(JSON.stringify(check)).not.toContain(databasePassword);
});
