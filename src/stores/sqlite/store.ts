// The store for one machine: one SQLite file, which this process has for itself. A change is on disk before its promise
// resolves; the changes that are asked for while one commit runs share the next.
import type { DatabaseSync } from 'node:sqlite';
import { changeThrough, type Decision } from '../decision.ts';
import type { EventStore } from '../event-store.ts';
import { createGroup, type OnCommit } from '../group-commit.ts';
import { asUnavailable, connect } from './connect.ts';
import { createFeed } from './feed.ts';
import { createReader, type StoredEvent } from './read.ts';
import { createRecent } from './recent.ts';
import { createWriter } from './write.ts';

/** A commit holds up everything else in this process, so it must not grow without bound. */
const maxItems = 200;

/** @throws {StoreUnusable} when the file cannot be the store; see `connect` */
export const createSqliteStore = ({ path }: { readonly path: string }, onCommit?: OnCommit): EventStore =>
  createStoreOn(connect(path), onCommit);

/** The store on a file that is open, which it closes when it is closed. */
export const createStoreOn = (db: DatabaseSync, onCommit?: OnCommit): EventStore => {
  const reader = createReader(db);
  const writer = createWriter(db, () => feed.next());
  const feed = createFeed(reader, writer.saveState);
  const recent = createRecent();
  let latest = reader.newestFirstSeen();

  /** Runs what the file is asked, with its failures as the port has them. */
  const ask = async <T>(work: () => T): Promise<T> => {
    try {
      return work();
    } catch (error) {
      throw asUnavailable(error);
    }
  };

  const find = (eventId: string): StoredEvent | undefined => recent.get(eventId) ?? reader.find(eventId);

  /** Each sees what those before it in the batch have written. Gives those that failed, and the events as they are now. */
  const decideEach = (decisions: readonly Decision[]) => {
    const failed = new Map<Decision, unknown>();
    const written = new Map<string, StoredEvent>();
    let newest = latest;
    for (const decision of decisions) {
      const { eventId } = decision;
      const stored = written.get(eventId) ?? find(eventId);
      let write: () => StoredEvent | undefined;
      try {
        write = writer.plan(stored, decision.decide(stored?.record), newest);
      } catch (error) {
        failed.set(decision, error);
        continue;
      }
      const after = write();
      if (!after) continue;
      written.set(eventId, after);
      if (after.record.first_seen_at > newest) newest = after.record.first_seen_at;
    }
    return { failed, written, newest };
  };

  /** Keeps all that `work` writes, or nothing. */
  const atomically = <T>(work: () => T): T => {
    try {
      db.exec('BEGIN IMMEDIATE');
      const result = work();
      db.exec('COMMIT');
      return result;
    } catch (error) {
      // Whatever became of it, the file is what counts.
      recent.clear();
      // A full disk may have rolled it back already.
      if (db.isOpen && db.isTransaction) db.exec('ROLLBACK');
      throw asUnavailable(error);
    }
  };

  const commit = (decisions: readonly Decision[]): ReadonlyMap<Decision, unknown> => {
    const { failed, written, newest } = atomically(() => decideEach(decisions));
    latest = newest;
    recent.keep(written);
    return failed;
  };

  const group = createGroup(commit, maxItems, onCommit);

  const prune = (firstSeenBefore: string, limit: number): number => {
    const revisions = writer.prune(firstSeenBefore, limit);
    feed.forget(Math.max(0, ...revisions));
    return revisions.length;
  };

  return {
    find: (eventId) => ask(() => find(eventId)?.record),
    change: changeThrough(() => group),
    read: (eventId) => ask(() => reader.detail(eventId)),
    list: (query) => ask(() => reader.list(query)),
    listDeliveries: (query) => ask(() => reader.listDeliveries(query)),
    findDelivery: (deliveryId) => ask(() => reader.findDelivery(deliveryId)),
    changes: (after, limit) => ask(() => feed.changes(after, limit)),
    openEvents: (source) => ask(() => reader.openEvents(source)),
    dueDeliveries: (nowMs, limit) => ask(() => reader.dueDeliveries(nowMs, limit)),
    backlog: () => ask(() => reader.backlog()),
    undecided: (seenBefore, limit) => ask(() => reader.undecided(seenBefore, limit)),
    loadState: (key) => ask(() => reader.loadState(key)),
    saveState: (key, state) => ask(() => writer.saveState(key, state)),
    async prune(firstSeenBefore, limit) {
      // Whoever prunes batch after batch would otherwise keep this thread from everything else.
      await new Promise(setImmediate);
      recent.clear();
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
