// The pool of connections, as the driver gives them. What depends on a connection's server session is set for each
// transaction, since behind PgBouncer the next transaction may have another session.
import { hash } from 'node:crypto';
import { nextTick } from 'node:process';
import { type ClientBase, Pool, type PoolClient } from 'pg';
import * as z from 'zod';
import { errorText } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { asUnavailable } from './failures.ts';

/** Statements, one after the other. */
export interface Session {
  /** The rows that a statement gives, each checked by its schema. */
  rows<T>(row: z.ZodType<T>, sql: string, values?: readonly unknown[]): Promise<readonly T[]>;
  run(sql: string, values?: readonly unknown[]): Promise<void>;
}

export interface Using {
  /** Whether statements with a list of values are parsed once for a connection. Only for those that are always planned alike. */
  readonly prepare?: boolean;
  /** How long one statement may take until its answer is here. */
  readonly timeoutMs: number;
}

export interface Connections {
  /** Runs `work` on one connection, which is closed when it failed: its transaction and its locks end with it. */
  using<T>(how: Using, work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * How this version shows in `pg_stat_activity`. A version that cannot run beside the one before bears another name, so
 * that a migration can tell whether it has to wait.
 */
export const applicationName = 'vendor-signals/3';

const defaultConnectTimeoutMs = 2000;
/** How many connections a replica takes; a server has a hundred by default, and PgBouncer twenty. */
const maxConnections = 10;

const statementNames = new Map<string, string>();

/** Under which a session keeps a statement that it has parsed: never the same for two statements, of any version. */
const nameOf = (sql: string): string => {
  const name = statementNames.get(sql) ?? `vs_${hash('sha256', sql, 'base64url').slice(0, 24)}`;
  statementNames.set(sql, name);
  return name;
};

const pidRow = z.object({ pid: z.number() });

/** Behind a pooler, the process that the driver was told of is not the one that answers. */
const isDirect = async (client: ClientBase): Promise<boolean> => {
  const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
  return 'processID' in client && client.processID === pidRow.parse(rows[0]).pid;
};

/** What is asked for in one turn travels together, and is one read for the server. */
const gather = ({ connection: { stream } }: PoolClient): void => {
  if (stream.writableCorked > 0) return;
  stream.cork();
  nextTick(() => stream.uncork());
};

export const createConnections = (
  url: string,
  log: Log,
  connectTimeoutMs: number = defaultConnectTimeoutMs,
): Connections => {
  /** Those whose server session is theirs alone, so that it may keep named statements. */
  const direct = new WeakSet<ClientBase>();
  const pool = new Pool({
    connectionString: url,
    application_name: applicationName,
    max: maxConnections,
    connectionTimeoutMillis: connectTimeoutMs,
    // A peer that vanished without a word is noticed within half a minute.
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    pipeline: true,
    onConnect: async (client) => {
      if (await isDirect(client)) direct.add(client);
    },
  });
  pool.on('error', (error) => log.warn({ error: errorText(error) }, 'store.connection_lost'));
  // The pool listens to idle connections only; a lost one that is in use tells its query, and must not end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));

  let closed: Promise<void> | undefined;
  return {
    async using({ prepare = false, timeoutMs }, work) {
      const client = await pool.connect().catch((error) => {
        throw asUnavailable(error);
      });
      const isPreparing = prepare && direct.has(client);
      const ask = async (sql: string, values?: readonly unknown[]): Promise<readonly unknown[]> => {
        gather(client);
        const named = isPreparing && values ? { name: nameOf(sql) } : {};
        // A time-out of its own is the driver's, though its types know only one for all.
        const config = { text: sql, values: [...(values ?? [])], query_timeout: timeoutMs, ...named };
        try {
          return (await client.query(config)).rows;
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
        client.release(failed);
      }
    },
    async close() {
      closed ??= pool.end();
      await closed;
    },
  };
};
