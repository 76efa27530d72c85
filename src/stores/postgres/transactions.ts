// `transact` of the port: what is asked for while one batch is committed is done together in the next.
import { StoreUnavailable } from '../../lib/errors.ts';
import { answerOnCommit } from '../answer-on-commit.ts';
import type { EventStore } from '../event-store.ts';
import { createGroup, type OnCommit } from '../group-commit.ts';
import { applyBatch, type Decision, type Failures } from './batch.ts';
import { createCombinations } from './combinations.ts';
import type { Database } from './database.ts';

/** The bodies of a batch are in memory several times over, at up to a megabyte each. */
const maxItems = 100;

export interface Transactions {
  readonly transact: EventStore['transact'];
  idle(): Promise<void>;
}

/** @param onUnavailable told when a batch could not be kept */
export const createTransactions = (
  database: Database,
  onUnavailable: () => void,
  onCommit?: OnCommit,
): Transactions => {
  const combinations = createCombinations();

  const commitTogether = async (decisions: readonly Decision[], goOn: () => void): Promise<Failures> => {
    const [transaction, failed] = await database.transaction(async (session, tries) => {
      const result = [session, await applyBatch(session, combinations, decisions, tries > 1)] as const;
      // All of it is written and has only to be committed, which is the server's work; meanwhile the next is read.
      goOn();
      return result;
    });
    combinations.commit(transaction);
    return failed;
  };

  const commit = async (decisions: readonly Decision[], goOn: () => void): Promise<Failures> => {
    try {
      return await commitTogether(decisions, goOn);
    } catch (error) {
      const isUnavailable = error instanceof StoreUnavailable;
      if (isUnavailable) onUnavailable();
      return isUnavailable || decisions.length === 1
        ? new Map(decisions.map((decision) => [decision, error]))
        : commitEach(decisions, goOn);
    }
  };

  /** What the database refuses in one event must not fail the others, so each then has a transaction of its own. */
  const commitEach = async (decisions: readonly Decision[], goOn: () => void): Promise<Failures> => {
    const failed = new Map<Decision, unknown>();
    for (const decision of decisions) {
      for (const [each, reason] of await commit([decision], goOn)) failed.set(each, reason);
    }
    return failed;
  };

  const group = createGroup(commit, maxItems, onCommit);
  return {
    transact: (keys, decide) =>
      answerOnCommit(group, (decided) => ({
        keys,
        decide(snapshot) {
          const changes = decide(snapshot);
          decided(changes.result);
          return changes;
        },
      })),
    idle: group.idle,
  };
};
