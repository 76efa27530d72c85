// The schema, as steps that are applied in order. A step that was released is never edited: a change is a new step.
import { DatabaseError } from 'pg';
import * as z from 'zod';
import { errorText, StoreUnavailable, StoreUnusable } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { ReadAgain } from '../carry-over.ts';
import { carryOverTables } from './carry-over-tables.ts';
import type { Session } from './connections.ts';
import type { Database, Transaction } from './database.ts';
import { firstSteps } from './first-steps.ts';
import { alertsAndFacts, alertsAndFactsIndexes } from './tables.ts';

interface Step {
  apply(transaction: Transaction, readAgain?: ReadAgain): Promise<void>;
  /** How replicas show that cannot run on what this step makes; it waits until they are gone. */
  readonly waitsFor?: string;
}

const statements = (sql: string): Step => ({ apply: (transaction) => transaction.run(sql) });

export const migrations: readonly Step[] = [
  ...firstSteps.map(statements),
  {
    waitsFor: 'vendor-signals',
    async apply(transaction, readAgain) {
      await transaction.run(alertsAndFacts);
      const carried = await carryOverTables(transaction, readAgain);
      await transaction.run(alertsAndFactsIndexes);
      // Which words are frequent is known after that. Of an empty table it would say that it stays empty.
      if (carried > 0) await transaction.run('ANALYZE events, alerts, deliveries');
    },
  },
  // From here on the bodies of events are shorter, which a replica of the version before cannot read.
  { waitsFor: 'vendor-signals/2', apply: async () => undefined },
];

/** Holds a row for each step that was applied. */
export const migrationsTable = 'vendor_signals_migrations';

const existsRow = z.object({ exists: z.boolean() });
const versionRow = z.object({ version: z.number() });

const readVersion = async (session: Session): Promise<number> => {
  const [known] = await session.rows(existsRow, `SELECT to_regclass('${migrationsTable}') IS NOT NULL AS exists`);
  if (!known?.exists) {
    await session.run(
      `CREATE TABLE ${migrationsTable} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
  }
  const [{ version } = { version: 0 }] = await session.rows(
    versionRow,
    `SELECT coalesce(max(version), 0) AS version FROM ${migrationsTable}`,
  );
  return version;
};

// A pooler keeps a connection, and the name on it, for minutes after its client has gone. A replica that runs asks
// something every few seconds.
const connectedSql = `SELECT count(*) AS count FROM pg_stat_activity
  WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()
    AND (state <> 'idle' OR state_change > clock_timestamp() - interval '15 seconds')`;
const countRow = z.object({ count: z.coerce.number() });

/** Each request asks again, and a line every so often is enough. */
const tellEveryMs = 10_000;

/** @throws {StoreUnavailable} while replicas are connected that could not go on after the step */
const awaitOthers = async (
  session: Session,
  { waitsFor }: Step,
  tell: (connections: number) => void,
): Promise<void> => {
  if (waitsFor === undefined) return;
  const [{ count: connections } = { count: 0 }] = await session.rows(countRow, connectedSql, [waitsFor]);
  if (connections === 0) return;
  tell(connections);
  throw new StoreUnavailable(
    'store_unavailable',
    `replicas of the version before still use the database (${connections} connections): stop them all, and the migration begins`,
  );
};

/** Applies the steps that are missing, all or none. Of replicas that start together one does so, and the others wait. */
const migrateIn = async (
  transaction: Transaction,
  log: Log,
  tell: (connections: number) => void,
  readAgain: ReadAgain | undefined,
): Promise<void> => {
  await transaction.run(`SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.${migrationsTable}', 0))`);
  const version = await readVersion(transaction);
  if (version > migrations.length) {
    throw new StoreUnusable(
      `the database's schema is version ${version}, and this program knows versions up to ${migrations.length}: use a newer one`,
    );
  }
  if (version === migrations.length) return;
  const startedMs = performance.now();
  for (const [index, step] of migrations.entries()) {
    if (index < version) continue;
    if (version > 0) await awaitOthers(transaction, step, tell);
    await step.apply(transaction, readAgain);
    await transaction.run(`INSERT INTO ${migrationsTable} (version) VALUES ($1)`, [index + 1]);
  }
  const durationMs = Math.round(performance.now() - startedMs);
  log.info({ from: version, to: migrations.length, duration_ms: durationMs }, 'store.migrated');
};

/**
 * Makes what brings the schema up to date.
 * It rejects with `StoreUnusable` when a newer version wrote the schema, or the database refuses a step; with
 * `StoreUnavailable` while replicas of an older version have to end first.
 */
export const createMigration = (
  log: Log,
  readAgain?: ReadAgain,
): ((database: Pick<Database, 'transaction'>) => Promise<void>) => {
  let toldMs = Number.NEGATIVE_INFINITY;
  const tell = (connections: number): void => {
    if (performance.now() - toldMs < tellEveryMs) return;
    toldMs = performance.now();
    log.warn({ connections }, 'store.migration_waits');
  };
  return async (database) => {
    try {
      await database.transaction((transaction) => migrateIn(transaction, log, tell, readAgain));
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      throw new StoreUnusable(`the database cannot be the store: ${errorText(error)}`, { cause: error });
    }
  };
};
