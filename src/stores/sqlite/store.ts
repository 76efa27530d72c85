// The store for one machine: one SQLite file, which this process has for itself. A change is on disk before its promise
// resolves; the changes that are asked for while one commit runs share the next. Listings are another thread's work.
import { StoreUnavailable } from '../../lib/errors.ts';
import { type EventStore, toOngoingEvent } from '../event-store.ts';
import type { OnCommit } from '../group-commit.ts';
import type { ListingBounds } from '../listing-bounds.ts';
import { type Connection, connect } from './connect.ts';
import { createDetails } from './details.ts';
import { asUnavailable } from './failures.ts';
import { guardFile } from './file-guard.ts';
import { createListings, type Listings } from './listings.ts';
import type { MigrateOptions } from './migrations.ts';
import { createStates } from './states.ts';
import { createTransactions } from './transactions.ts';
import { createWork } from './work.ts';

export interface SqliteOptions extends ListingBounds, MigrateOptions {
  readonly path: string;
  /** The thread that lists, where several stores share one. */
  readonly listings?: Listings | undefined;
}

/** @throws {StoreUnusable} when the file cannot be the store; see `connect` */
export const createSqliteStore = (options: SqliteOptions, onCommit?: OnCommit): EventStore =>
  createStoreOn(connect(options.path, options), options, onCommit);

/** The store on a file that is open, which it closes when it is closed. */
export const createStoreOn = (
  { db, close }: Connection,
  { path, maxScan, listings: shared }: SqliteOptions,
  onCommit?: OnCommit,
): EventStore => {
  const guard = guardFile(path);
  const listings = shared ?? createListings();
  const list = listings.open(path, maxScan);
  const transactions = createTransactions(db, guard, onCommit, list.checkpoint);
  const { reader } = transactions;
  const details = createDetails(db, reader);
  const work = createWork(db, reader);
  const states = createStates(db, transactions);

  /** Runs what the file is asked, with its failures as the port has them. */
  const ask = async <T>(read: () => T): Promise<T> => {
    // What was read lately is not read from the file again, and would be answered for ever.
    if (!db.isOpen) throw new StoreUnavailable('store_unavailable', 'the store was closed');
    try {
      return read();
    } catch (error) {
      throw asUnavailable(error);
    }
  };

  return {
    transact: transactions.transact,
    find: (eventId) => ask(() => reader.findEvent(eventId)?.record),
    readEvent: (eventId) => ask(() => details.readEvent(eventId)),
    readAlert: (alertId) => ask(() => details.readAlert(alertId)),
    readRaw: (eventId) => ask(() => details.readRaw(eventId)),
    findDelivery: (deliveryId) => ask(() => work.findDelivery(deliveryId)),
    listEvents: (query) => list.listEvents(query),
    listAlerts: (query) => list.listAlerts(query),
    listDeliveries: (query) => list.listDeliveries(query),
    changes: (after, limit, of) => list.changes(after, limit, of),
    size: () => list.size(),
    ongoingEvents: (source) => ask(() => [...reader.ongoing(source)].map(({ record }) => toOngoingEvent(record))),
    dueDeliveries: (nowMs, limit, withoutTargets = []) => ask(() => work.dueDeliveries(nowMs, limit, withoutTargets)),
    dueAlerts: (nowMs, limit) => ask(() => work.dueAlerts(nowMs, limit)),
    stormOf: (stormKey, since) => ask(() => work.stormOf(stormKey, since)),
    backlog: () => ask(() => work.backlog()),
    loadState: (key) => ask(() => states.load(key)),
    saveState: states.save,
    changeState: states.change,
    prune: transactions.prune,
    withLock: (_name, locked) => locked(async () => true),
    tryLease: async () => true,
    sharedClock: async () => undefined,
    ping: () => transactions.ping(),
    async close() {
      await transactions.idle();
      await list.close();
      if (!shared) await listings.close();
      close();
    },
  };
};
