// Connections to the database: whatever goes wrong with one becomes an error of the port, and none ends the process.
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool, type PoolConfig } from 'pg';
import type * as z from 'zod';
import { errorText, StoreUnavailable, StoreUnusable } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { asUnavailable, checkUrl, isConflict } from './failures.ts';

/** Statements, one after the other. */
export interface Session {
  /** The rows that a statement gives, each checked by its schema. */
  rows<T>(row: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<readonly T[]>;
  run(sql: string, values?: readonly unknown[]): Promise<void>;
}

/** Statements that are kept together, or not at all. */
export interface Transaction extends Session {
  /** Sends a statement that gives nothing, on which the transaction waits only at its end. */
  send(sql: string, values: readonly unknown[]): void;
}

/** Each method rejects with `StoreUnavailable` when the database cannot answer now. */
export interface Database extends Session {
  /** `work` may run more than once: what it did before the last time has been rolled back. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /** On a connection of its own, on which a statement may wait for long, and whose locks end with it. */
  patiently<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const connectTimeoutMs = 2000;
const statementTimeoutMs = 5000;
/** How many connections of each kind a replica takes; a server has a hundred by default. */
const maxConnections = 10;
export const maxPatientConnections = 10;

const patientTimeoutMs = 35_000;
const setUpTimeoutMs = 5000;

const maxTries = 5;

const createPool = (config: PoolConfig, log: Log): Pool => {
  const pool = new Pool({
    application_name: 'vendor-signals',
    connectionTimeoutMillis: connectTimeoutMs,
    // A peer that vanished without a word is noticed within half a minute.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...config,
  });
  pool.on('error', (error) => log.warn({ error: errorText(error) }, 'store.connection_lost'));
  // The pool listens to idle connections only; a lost one that is in use tells its query, and must not end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
};

const names = new Map<string, string>();

/** Under which a connection keeps a statement that it has parsed. */
const nameOf = (sql: string): string => {
  const name = names.get(sql) ?? `s${names.size}`;
  names.set(sql, name);
  return name;
};

interface Using {
  /** Whether the connection goes back into the pool. */
  readonly keep?: boolean;
  /** Whether statements with values are parsed once for a connection. Only for those that are always planned alike. */
  readonly prepare?: boolean;
}

const using = async <T>(
  pool: Pool,
  work: (session: Session) => Promise<T>,
  { keep = true, prepare = false }: Using = {},
): Promise<T> => {
  const client = await pool.connect().catch((error) => {
    throw asUnavailable(error);
  });
  const ask = async (sql: string, values: readonly unknown[] = []): Promise<readonly unknown[]> => {
    try {
      const named = prepare && values.length > 0 ? { name: nameOf(sql) } : {};
      return (await client.query({ text: sql, values: [...values], ...named })).rows;
    } catch (error) {
      throw asUnavailable(error);
    }
  };
  let failed = true;
  try {
    const result = await work({
      rows: async (row, sql, values) => (await ask(sql, values)).map((each) => row.parse(each)),
      run: async (sql, values) => void (await ask(sql, values)),
    });
    failed = false;
    return result;
  } finally {
    // A connection that is closed takes its transaction and its locks with it, in whatever state they are.
    client.release(failed || !keep);
  }
};

/** What needs no answer before the next statement is sent along with it: half of a transaction is waiting for answers. */
const inTransaction = <T>(pool: Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> =>
  using(
    pool,
    async (session) => {
      const sent: Promise<void>[] = [];
      const send: Transaction['send'] = (sql, values) => {
        const answered = session.run(sql, values);
        // It is told at the end, whatever comes before.
        answered.catch(() => undefined);
        sent.push(answered);
      };
      send('BEGIN ISOLATION LEVEL READ COMMITTED', []);
      const result = await work({ ...session, send });
      send('COMMIT', []);
      // If one of them failed, the server has rolled back all of them, and answers COMMIT as if that were well.
      await Promise.all(sent);
      return result;
    },
    { prepare: true },
  );

/** @param setUp runs once before the first use, on a patient connection; again before the next use if it failed */
export const createDatabase = (
  url: string,
  log: Log,
  setUp: (database: Pick<Database, 'transaction'>) => Promise<void>,
): Database => {
  const quick = createPool(
    {
      connectionString: url,
      max: maxConnections,
      statement_timeout: statementTimeoutMs,
      // The server may not answer at all; and what a vanished replica has locked is free again soon.
      query_timeout: statementTimeoutMs + 1000,
      idle_in_transaction_session_timeout: statementTimeoutMs * 2,
      pipeline: true,
    },
    log,
  );
  const patient = createPool(
    {
      connectionString: url,
      max: maxPatientConnections,
      // Whoever holds a lock and vanishes is noticed by the server within half a minute, and not in two hours; whoever
      // is only frozen loses it after a minute. The query's own limit is for a server that says nothing any more.
      query_timeout: patientTimeoutMs,
      onConnect: (client) =>
        client.query(
          `SET statement_timeout = 0; SET lock_timeout = '30s'; SET idle_session_timeout = '60s';
          SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3`,
        ),
    },
    log,
  );

  /** Another replica may be migrating; nobody is kept waiting for that, while the set-up itself goes on. */
  const tooLate = async (): Promise<never> => {
    await sleep(setUpTimeoutMs, undefined, { ref: false });
    throw new StoreUnavailable('store_unavailable', 'the database is still being set up');
  };

  let isSetUp: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    checkUrl(url);
    await setUp({ transaction: (work) => inTransaction(patient, work) });
  };
  let isDone = false;
  const ready = async (): Promise<void> => {
    if (isDone) return;
    isSetUp ??= start().catch((error) => {
      if (!(error instanceof StoreUnusable)) isSetUp = undefined;
      throw error;
    });
    await Promise.race([isSetUp, tooLate()]);
    isDone = true;
  };

  const once = async <T>(pool: Pool, work: (session: Session) => Promise<T>, how?: Using): Promise<T> => {
    await ready();
    return using(pool, work, how);
  };

  let closed: Promise<unknown> | undefined;
  return {
    rows: (row, sql, values) => once(quick, (session) => session.rows(row, sql, values)),
    run: (sql, values) => once(quick, (session) => session.run(sql, values)),
    patiently: (work) => once(patient, work, { keep: false }),
    async transaction(work) {
      await ready();
      for (let tries = 1; ; tries++) {
        try {
          return await inTransaction(quick, work);
        } catch (error) {
          if (tries === maxTries || !isConflict(error)) throw error;
        }
      }
    },
    async close() {
      closed ??= Promise.all([quick.end(), patient.end()]);
      await closed;
    },
  };
};
