// Transactions on the database: each failure becomes an error of the port, and none ends the process.
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import { StoreUnavailable, StoreUnusable } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { type Connections, createConnections, type Session, type Using } from './connections.ts';
import { checkUrl, isConflict } from './failures.ts';

/** Statements that are kept together, or not at all. */
export interface Transaction extends Session {
  /** Sends a statement that gives nothing, on which the transaction waits only at its end. */
  send(sql: string, values?: readonly unknown[]): void;
}

/** Each method rejects with `StoreUnavailable` when the database cannot answer now. */
export interface Database extends Session {
  /** `work` may run more than once: what it did before the last time has been rolled back. */
  transaction<T>(work: (transaction: Transaction, tries: number) => Promise<T>): Promise<T>;
  /** Statements that see one moment, and write nothing. */
  reading<T>(work: (session: Session) => Promise<T>): Promise<T>;
  /** Waits for what is under way. */
  close(): Promise<void>;
}

const statementTimeoutMs = 5000;
/** The server may not answer at all. */
const answerTimeoutMs = statementTimeoutMs + 1000;
/** Rows of many events are carried over by a migration, which others wait for. */
const setUpStatementTimeoutMs = 3_600_000;
const setUpWaitMs = 5000;

const maxTries = 5;

// What a vanished replica has locked is free again soon.
const beginSql = (isolation: string, timeoutMs: number): string =>
  `BEGIN ISOLATION LEVEL ${isolation}; SET LOCAL statement_timeout = ${timeoutMs};
  SET LOCAL idle_in_transaction_session_timeout = ${timeoutMs * 2}`;

// A statement that is parsed once is planned once, perhaps while its tables are empty; it must be planned as for large ones.
const alongIndexes =
  '; SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off';

const quick: Using = { timeoutMs: answerTimeoutMs };
const prepared: Using = { ...quick, prepare: true };
const patient: Using = { timeoutMs: setUpStatementTimeoutMs + 1000 };

/** What needs no answer before the next statement is sent along with it: half of a transaction is waiting for answers. */
const inTransaction = <T>(
  connections: Connections,
  how: Using,
  begin: string,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> =>
  connections.using(how, async (session) => {
    const sent: Promise<void>[] = [];
    // Every statement after one that failed fails too, and does not tell the reason.
    let reason: { readonly error: unknown } | undefined;
    const send: Transaction['send'] = (sql, values) => {
      const answered = session.run(sql, values);
      answered.catch((error) => {
        reason ??= { error };
      });
      sent.push(answered);
    };
    try {
      send(begin);
      const result = await work({ ...session, send });
      send('COMMIT');
      // If one of them failed, the server has rolled back all of them, and answers COMMIT as if that were well.
      await Promise.all(sent);
      return result;
    } catch (error) {
      throw reason ? reason.error : error;
    }
  });

/** One statement, whose transaction travels with it. */
const alone = <T>(connections: Connections, work: (session: Session) => Promise<T>): Promise<T> =>
  connections.using(quick, async (session) => {
    const begun = session.run(beginSql('READ COMMITTED', statementTimeoutMs));
    const [, result] = await Promise.all([begun, work(session), session.run('COMMIT')]);
    return result;
  });

/** @param setUp runs once before the first use, and again before the next use if it failed */
export const createDatabase = (
  url: string,
  log: Log,
  setUp: (database: Pick<Database, 'transaction'>) => Promise<void>,
  connectTimeoutMs?: number,
): Database => {
  const connections = createConnections(url, log, connectTimeoutMs);

  /** Another replica may be migrating; nobody is kept waiting for that, while the set-up itself goes on. */
  const tooLate = async (): Promise<never> => {
    await sleep(setUpWaitMs, undefined, { ref: false });
    throw new StoreUnavailable('store_unavailable', 'the database is still being set up');
  };

  let settingUp: Promise<void> | undefined;
  const start = async (): Promise<void> => {
    checkUrl(url);
    const begin = beginSql('READ COMMITTED', setUpStatementTimeoutMs);
    await setUp({
      transaction: (work) => inTransaction(connections, patient, begin, (transaction) => work(transaction, 1)),
    });
  };
  let isSetUp = false;
  const ready = async (): Promise<void> => {
    if (isSetUp) return;
    settingUp ??= start().catch((error) => {
      if (!(error instanceof StoreUnusable)) settingUp = undefined;
      throw error;
    });
    await Promise.race([settingUp, tooLate()]);
    isSetUp = true;
  };

  return {
    async rows<T>(row: z.ZodType<T>, sql: string, values?: readonly unknown[]) {
      await ready();
      return alone(connections, (session) => session.rows(row, sql, values));
    },
    async run(sql, values) {
      await ready();
      await alone(connections, (session) => session.run(sql, values));
    },
    async reading(work) {
      await ready();
      return inTransaction(connections, quick, beginSql('REPEATABLE READ, READ ONLY', statementTimeoutMs), work);
    },
    async transaction(work) {
      await ready();
      const begin = beginSql('READ COMMITTED', statementTimeoutMs) + alongIndexes;
      for (let tries = 1; ; tries++) {
        try {
          return await inTransaction(connections, prepared, begin, (transaction) => work(transaction, tries));
        } catch (error) {
          if (tries === maxTries || !isConflict(error)) throw error;
        }
      }
    },
    close: connections.close,
  };
};
