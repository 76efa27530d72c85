// Decisions, in batches that are committed together. Each sees what those before it in the batch have written; one that
// fails by itself leaves nothing behind, and does not hold up the others.
import type { DatabaseSync } from 'node:sqlite';
import { answerOnCommit } from '../answer-on-commit.ts';
import type { EventStore } from '../event-store.ts';
import { createGroup, type OnCommit } from '../group-commit.ts';
import { createWriteHealth } from '../write-health.ts';
import { createAlertRows } from './alert-rows.ts';
import { createAlertWriter } from './alert-writer.ts';
import { integer } from './columns.ts';
import { createCombinations } from './combinations.ts';
import { createCounters } from './counters.ts';
import { createEventKeys } from './event-keys.ts';
import { createEventWriter } from './event-writer.ts';
import { asUnavailable } from './failures.ts';
import type { FileGuard } from './file-guard.ts';
import { createPruner } from './prune.ts';
import { createRaws } from './raws.ts';
import { createReader, type Reader } from './reader.ts';
import { createRecent } from './recent.ts';
import { find } from './snapshot.ts';
import type { StoredAlert, StoredEvent } from './stored.ts';
import { createWords } from './words.ts';
import { createPlanner } from './writer.ts';

/** A commit holds up everything else in this process, so it must not grow without bound. */
const maxItems = 200;

/** One decision, waiting for its batch. */
interface Work {
  /** Decides (bad data throws here, before a write) and returns the function that writes the decision. */
  readonly plan: () => () => void;
}

export interface Transactions {
  readonly reader: Reader;
  readonly transact: EventStore['transact'];
  readonly prune: EventStore['prune'];
  /** Commits what `decide` writes, together with the other changes that wait just now. */
  run<T>(decide: () => { readonly result: T; readonly write: () => void }): Promise<T>;
  ping(): Promise<void>;
  idle(): Promise<void>;
}

/** @param onWritten is told after each commit that wrote something */
export const createTransactions = (
  db: DatabaseSync,
  guard: FileGuard,
  onCommit: OnCommit | undefined,
  onWritten: () => void,
): Transactions => {
  const recentEvents = createRecent<StoredEvent>();
  const recentAlerts = createRecent<StoredAlert>();
  const keys = createEventKeys(db);
  const combinations = createCombinations(db);
  const counters = createCounters(db);
  const raws = createRaws(db);
  const alertRows = createAlertRows(db, counters);
  const reader = createReader(db, keys, recentEvents, {
    keep: recentAlerts.keep,
    get: (sequence) => recentAlerts.get(sequence) ?? alertRows.unwritten(sequence),
  });
  const words = createWords(db, reader.eventsAfter);
  const parts = { counters, combinations, keys, raws, words, alertRows };
  const planChanges = createPlanner(
    reader,
    createEventWriter(db, { ...parts, recent: recentEvents }),
    createAlertWriter(db, alertRows, recentAlerts),
  );
  const prune = createPruner(db, { ...parts, events: recentEvents, alerts: recentAlerts });

  const rollBack = (): void => {
    // A full disk may have rolled it back already.
    if (!db.isOpen) return;
    if (db.isTransaction) db.exec('ROLLBACK');
    // Memory may hold what the file does not: all is read from the file again.
    recentEvents.clear();
    recentAlerts.clear();
    for (const part of Object.values(parts)) part.rolledBack();
  };

  const totalChanges = db.prepare('SELECT total_changes() AS changes');
  const countChanges = (): number => integer(totalChanges.get(), 'changes');

  /** Keeps all that `work` writes, or nothing. */
  const atomically = <T>(work: () => T): T => {
    try {
      db.exec('BEGIN IMMEDIATE');
      const before = countChanges();
      const result = work();
      alertRows.write();
      raws.write();
      keys.write();
      words.write();
      const isWritten = countChanges() > before;
      if (isWritten) guard.check();
      db.exec('COMMIT');
      keys.committed();
      words.committed();
      if (isWritten) health.committed();
      if (isWritten) onWritten();
      return result;
    } catch (error) {
      health.failed();
      rollBack();
      throw asUnavailable(error);
    }
  };

  const decideEach = (works: readonly Work[]): ReadonlyMap<Work, unknown> => {
    const failed = new Map<Work, unknown>();
    for (const work of works) {
      let write: () => void;
      try {
        write = work.plan();
      } catch (error) {
        failed.set(work, asUnavailable(error));
        continue;
      }
      write();
    }
    return failed;
  };

  const group = createGroup<Work>((works) => atomically(() => decideEach(works)), maxItems, onCommit);
  const run: Transactions['run'] = (decide) =>
    answerOnCommit(group, (decided) => ({
      plan() {
        const { result, write } = decide();
        decided(result);
        return write;
      },
    }));

  const putProbe = db.prepare("INSERT OR REPLACE INTO states VALUES ('ping', json_quote(?))");
  const health = createWriteHealth(guard.check, (length) =>
    run(() => ({ result: undefined, write: () => void putProbe.run('x'.repeat(length)) })),
  );

  return {
    reader,
    run,
    transact: (keysOf, decide) =>
      run(() => {
        const found = find(reader, keysOf);
        const changes = decide(found.snapshot);
        return { result: changes.result, write: planChanges(found, changes) };
      }),
    async prune(firstSeenBefore, limit) {
      // A caller that prunes batch after batch would otherwise block this thread.
      await new Promise(setImmediate);
      return atomically(() => prune(firstSeenBefore, limit));
    },
    ping: async () => {
      try {
        await health.ping();
      } catch (error) {
        throw asUnavailable(error);
      }
    },
    idle: () => group.idle(),
  };
};
