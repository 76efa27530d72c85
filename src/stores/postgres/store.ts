// The store for several replicas: one PostgreSQL database that they share. A change is committed before its promise
// resolves. A database that is away makes every method reject, until it is back.
import type { Log } from '../../lib/log.ts';
import type { ReadAgain } from '../carry-over.ts';
import type { EventStore } from '../event-store.ts';
import type { OnCommit } from '../group-commit.ts';
import { defaultMaxScan, type ListingBounds } from '../listing-bounds.ts';
import { createDatabase } from './database.ts';
import { createLeases, type LeaseTimes } from './leases.ts';
import { listAlerts } from './list-alerts.ts';
import { listDeliveries } from './list-deliveries.ts';
import { listEvents } from './list-events.ts';
import { createMigration } from './migrations.ts';
import { readBacklog, readDueAlerts, readDueDeliveries } from './pending.ts';
import { prune } from './prune.ts';
import { createQueries } from './queries.ts';
import { readChanges } from './read-changes.ts';
import { createSharedClock } from './shared-clock.ts';
import { createStates } from './states.ts';
import { createTransactions } from './transactions.ts';
import { createWriteProbe } from './write-probe.ts';

export interface PostgresOptions extends ListingBounds {
  readonly url: string;
  readonly log: Log;
  readonly leaseTimes?: LeaseTimes | undefined;
  /** How long is waited for a connection, new or free. */
  readonly connectTimeoutMs?: number | undefined;
  readonly readAgain?: ReadAgain | undefined;
}

/**
 * Connects when it is first used. Every method rejects with `StoreUnusable` when the schema is that of a newer
 * version, or the database refuses ours.
 */
export const createPostgresStore = (
  { url, log, maxScan = defaultMaxScan, leaseTimes, connectTimeoutMs, readAgain }: PostgresOptions,
  onCommit?: OnCommit,
): EventStore => {
  const database = createDatabase(url, log, createMigration(log, readAgain), connectTimeoutMs);
  const states = createStates(database);
  const health = createWriteProbe(database, states);
  const { transact, idle } = createTransactions(database, health.failed, onCommit);

  return {
    ...createQueries(database),
    ...states,
    ...createLeases(database, log, leaseTimes),
    transact,
    listEvents: (query) => listEvents(database, query, maxScan),
    listAlerts: (query) => listAlerts(database, query, maxScan),
    listDeliveries: (query) => listDeliveries(database, query, maxScan),
    changes: (after, limit, of) => readChanges(database, after, limit, of),
    sharedClock: createSharedClock(database),
    dueDeliveries: (nowMs, limit, withoutTargets = [], leaseNowMs = nowMs) =>
      readDueDeliveries(database, { nowMs, leaseNowMs }, limit, withoutTargets),
    dueAlerts: (nowMs, limit) => readDueAlerts(database, nowMs, limit),
    backlog: () => readBacklog(database),
    ping: health.ping,
    prune: (firstSeenBefore, limit) => prune(database, firstSeenBefore, limit),
    async close() {
      await idle();
      await database.close();
    },
  };
};
