// How many bytes are written to keep one new event with its routing: SQLite's file and log, PostgreSQL's log.
import { readFile } from 'node:fs/promises';
import { startPostgres } from '../../test/support/postgres.ts';
import { ingest } from '../load/ingest.ts';
import { type Running, startService } from '../processes.ts';
import type { Options, Row, Scenario } from '../scenario.ts';
import { spreadOf } from '../stats.ts';
import { sqliteStore } from '../stores.ts';

/** What the first version took, as issue 10 has it. */
const firstVersion = { sqlite: 7200, postgres: 7100 };

/** What the kernel wrote to files for this process, but for its log. */
const writtenBytes = async ({ pid, logBytes }: Running): Promise<number> =>
  Number(/^write_bytes: (\d+)/m.exec(await readFile(`/proc/${pid}/io`, 'utf8'))?.[1]) - logBytes();

const row = (what: string, bytes: number, before: number | undefined, first: number): Row => {
  const beside = before ?? first;
  return {
    what,
    measured: `${Math.round(bytes).toLocaleString('en')} bytes`,
    beside: `${before === undefined ? 'the first version, as it was measured then' : 'the version before'}: ${Math.round(beside).toLocaleString('en')}`,
    ratio: spreadOf([bytes / beside]),
    reach: { atMost: 0.5 },
    aim: { atMost: 0.5 },
  };
};

/** Runs a service of this checkout or of another one, and counts what it writes for each of many new events. */
const bytesAnEvent = async (
  url: string,
  { quick }: Options,
  from: string | undefined,
  read: (service: Running) => Promise<number>,
): Promise<number> => {
  const count = quick ? 1000 : 20_000;
  const service = await startService({ STORE_URL: url }, [], from);
  await ingest(service, { prefix: 'bytes_warm', count });
  const startBytes = await read(service);
  await ingest(service, { prefix: 'bytes', count });
  const bytes = (await read(service)) - startBytes;
  await service.stop();
  return bytes / count;
};

const onSqlite = async (options: Options, from?: string): Promise<number> => {
  const store = await sqliteStore();
  const bytes = await bytesAnEvent(store.url, options, from, writtenBytes);
  await store.remove();
  return bytes;
};

const onPostgres = async (options: Options, from?: string): Promise<number> => {
  const server = await startPostgres();
  const position = async (): Promise<number> => {
    const [found] = await server.query(`SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn AS at`);
    return Number(typeof found === 'object' && found !== null && 'at' in found ? found.at : Number.NaN);
  };
  // What follows a checkpoint is written with whole pages, which is the server's own matter.
  await server.query('CHECKPOINT');
  const bytes = await bytesAnEvent(server.url, options, from, position);
  await server.remove();
  return bytes;
};

export const bytesWritten: Scenario = {
  name: 'bytes',
  async run(options) {
    const { before } = options;
    const sqlite = await onSqlite(options);
    const sqliteBefore = before === undefined ? undefined : await onSqlite(options, before);
    const postgres = await onPostgres(options);
    const postgresBefore = before === undefined ? undefined : await onPostgres(options, before);
    return [
      row('bytes written for a new event, SQLite (file and log)', sqlite, sqliteBefore, firstVersion.sqlite),
      row('bytes of log for a new event, PostgreSQL', postgres, postgresBefore, firstVersion.postgres),
    ];
  },
};
