// Looks at the store without locking, migrating or writing anything, for a service may be using it.
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as z from 'zod';
import { sqlitePathOf, storeKindOf } from '../../config/values.ts';
import { errorText } from '../../lib/errors.ts';
import { createLog } from '../../lib/log.ts';
import { createDatabase } from '../../stores/postgres/database.ts';
import { migrationsTable, migrations as postgresMigrations } from '../../stores/postgres/migrations.ts';
import { applicationId } from '../../stores/sqlite/connect.ts';
import { migrations as sqliteMigrations } from '../../stores/sqlite/migrations.ts';
import type { Finding } from './finding.ts';

const may = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

const versionText = (version: number, known: number): string => {
  if (version > known)
    throw new Error(`its schema is version ${version}, and this program knows versions up to ${known}`);
  return version === known ? `schema version ${version}` : `schema version ${version}, to be migrated to ${known}`;
};

/** Where https://sqlite.org/fileformat.html#the_database_header keeps what tells whose file it is. */
const header = { size: 100, magic: 'SQLite format 3\0', version: 60, applicationId: 68 } as const;

const lookAtFile = async (path: string): Promise<string> => {
  if (!(await may(dirname(path), constants.W_OK))) throw new Error('its folder is missing, or may not be written to');
  if (!(await may(path, constants.F_OK))) return 'it is made at the first start';
  if (!(await may(path, constants.R_OK | constants.W_OK))) throw new Error('it may not be read and written');
  // What is not in the file yet is in its log, which only a reader that takes part in the locking could tell.
  if (await may(`${path}-wal`, constants.F_OK)) return 'it is in use, or was not closed, and so not looked into';
  const file = await open(path);
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(header.size), 0, header.size, 0);
    if (bytesRead === 0) return 'it is empty, and filled at the first start';
    if (buffer.toString('latin1', 0, header.magic.length) !== header.magic) throw new Error('it is no SQLite database');
    if (buffer.readUInt32BE(header.applicationId) !== applicationId)
      throw new Error('it is the database of another program');
    return versionText(buffer.readUInt32BE(header.version), sqliteMigrations.length);
  } finally {
    await file.close();
  }
};

const askDatabase = async (url: string): Promise<string> => {
  const database = createDatabase(url, createLog('silent'), async () => undefined);
  try {
    const found = z.object({ exists: z.boolean() });
    const [table] = await database.rows(found, `SELECT to_regclass('${migrationsTable}') IS NOT NULL AS exists`);
    if (!table?.exists) return 'its schema is made at the first start';
    const row = z.object({ version: z.number() });
    const [latest] = await database.rows(row, `SELECT coalesce(max(version), 0) AS version FROM ${migrationsTable}`);
    return versionText(latest?.version ?? 0, postgresMigrations.length);
  } finally {
    await database.close();
  }
};

const lookAt = async (url: string): Promise<string> => {
  switch (storeKindOf(url)) {
    case 'memory':
      return 'in memory';
    case 'sqlite':
      return lookAtFile(sqlitePathOf(url));
    case 'postgres':
      return askDatabase(url);
  }
};

export const checkStore = async (url: string): Promise<Finding> => {
  const what = 'store';
  try {
    return { result: 'ok', what, detail: await lookAt(url) };
  } catch (error) {
    return { result: 'failed', what, detail: errorText(error) };
  }
};
