// The store for one machine: one SQLite file, which this process has for itself. A change is on disk before its promise
// resolves; the changes that are asked for while one commit runs share the next.
import type { DatabaseSync } from 'node:sqlite';
import { changeThrough, type Decision } from './decision.ts';
import { createGroup } from './group.ts';
import { asUnavailable, connect } from './sqlite/connect.ts';
import { createFeed } from './sqlite/feed.ts';
import { createReader } from './sqlite/read.ts';
import { createWriter } from './sqlite/write.ts';
import type { EventStore } from './store.ts';

/** A commit holds up everything else in this process, so it must not grow without bound. */
const maxItems = 200;

/** @throws {StoreUnusable} when the file cannot be the store; see `connect` */
export const createSqliteStore = ({ path }: { readonly path: string }): EventStore => createStoreOn(connect(path));

/** The store on a file that is open, which it closes when it is closed. */
export const createStoreOn = (db: DatabaseSync): EventStore => {
  const reader = createReader(db);
  const writer = createWriter(db, () => feed.next());
  const feed = createFeed(reader, writer.saveState);

  /** Runs what the file is asked, with its failures as the port has them. */
  const ask = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      throw asUnavailable(error);
    }
  };

  /** Each sees what those before it in the batch have written. */
  const decideEach = (decisions: readonly Decision[]): ReadonlyMap<Decision, unknown> => {
    const failed = new Map<Decision, unknown>();
    for (const decision of decisions) {
      const stored = reader.find(decision.eventId);
      const latest = reader.newestFirstSeen();
      let write: () => void;
      try {
        write = writer.plan(stored, decision.decide(stored?.record), latest);
      } catch (error) {
        failed.set(decision, error);
        continue;
      }
      write();
    }
    return failed;
  };

  /** Keeps all that `work` writes, or nothing. */
  const atomically = <T>(work: () => T): T => {
    try {
      db.exec('BEGIN IMMEDIATE');
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      // A full disk may have rolled it back already.
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
      throw asUnavailable(error);
    }
  };

  const group = createGroup<Decision>((decisions) => atomically(() => decideEach(decisions)), maxItems);

  const prune = (firstSeenBefore: string, limit: number): number => {
    const revisions = writer.prune(firstSeenBefore, limit);
    feed.forget(Math.max(0, ...revisions));
    return revisions.length;
  };

  return {
    find: (eventId) => ask(() => reader.find(eventId)?.record),
    change: changeThrough(() => group),
    read: (eventId) => ask(() => reader.detail(eventId)),
    list: (query) => ask(() => reader.list(query)),
    changes: (after, limit) => ask(() => feed.changes(after, limit)),
    openEvents: (source) => ask(() => reader.openEvents(source)),
    dueDeliveries: (nowMs, limit) => ask(() => reader.dueDeliveries(nowMs, limit)),
    undecided: (seenBefore, limit) => ask(() => reader.undecided(seenBefore, limit)),
    loadState: (key) => ask(() => reader.loadState(key)),
    saveState: (key, state) => ask(() => writer.saveState(key, state)),
    async prune(firstSeenBefore, limit) {
      // Whoever prunes batch after batch would otherwise keep this thread from everything else.
      await new Promise(setImmediate);
      return atomically(() => prune(firstSeenBefore, limit));
    },
    exclusively: (_name, work) => work(),
    lead: async () => true,
    ping: () => ask(() => void reader.newestFirstSeen()),
    async close() {
      await group.idle();
      if (db.isOpen) db.close();
    },
  };
};
