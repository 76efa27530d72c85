// Connections to the database: whatever goes wrong with one becomes an error of the port, and none ends the process.
import { Pool, type PoolConfig } from 'pg';
import type * as z from 'zod';
import { errorText, StoreUnusable } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { asUnavailable, checkUrl, isConflict } from './failures.ts';

/** Statements, one after the other. */
export interface Session {
  /** The rows that a statement gives, each checked by its schema. */
  rows<T>(row: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<readonly T[]>;
  run(sql: string, values?: readonly unknown[]): Promise<void>;
}

/** Each method rejects with `StoreUnavailable` when the database cannot answer now. */
export interface Database extends Session {
  /** `work` may run more than once: what it did before the last time has been rolled back. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** On a connection on which a statement may wait for as long as it takes. */
  patiently<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const connectTimeoutMs = 2000;
const statementTimeoutMs = 5000;
/** How many connections of each kind a replica takes; a server has a hundred by default. */
const maxConnections = 10;
export const maxPatientConnections = 10;

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

const using = async <T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> => {
  const client = await pool.connect().catch((error) => {
    throw asUnavailable(error);
  });
  const ask = async (sql: string, values: readonly unknown[] = []): Promise<readonly unknown[]> => {
    try {
      return (await client.query(sql, [...values])).rows;
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
    client.release(failed);
  }
};

const inTransaction = <T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> =>
  using(pool, async (session) => {
    await session.run('BEGIN ISOLATION LEVEL READ COMMITTED');
    const result = await work(session);
    await session.run('COMMIT');
    return result;
  });

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
    },
    log,
  );
  const patient = createPool(
    {
      connectionString: url,
      max: maxPatientConnections,
      // Whoever holds a lock and vanishes is noticed by the server within half a minute, and not in two hours.
      onConnect: (client) =>
        client.query(
          `SET statement_timeout = 0; SET lock_timeout = 0; SET tcp_keepalives_idle = 10;
          SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3`,
        ),
    },
    log,
  );

  let isSetUp: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    checkUrl(url);
    await setUp({ transaction: (work) => inTransaction(patient, work) });
  };
  const ready = (): Promise<void> => {
    isSetUp ??= start().catch((error) => {
      if (!(error instanceof StoreUnusable)) isSetUp = undefined;
      throw error;
    });
    return isSetUp;
  };

  const once = async <T>(pool: Pool, work: (session: Session) => Promise<T>): Promise<T> => {
    await ready();
    return using(pool, work);
  };

  let closed: Promise<unknown> | undefined;
  return {
    rows: (row, sql, values) => once(quick, (session) => session.rows(row, sql, values)),
    run: (sql, values) => once(quick, (session) => session.run(sql, values)),
    patiently: (work) => once(patient, work),
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
