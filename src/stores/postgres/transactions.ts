// `transact` of the port: what is asked for while one batch is committed is done together in the next.
import { StoreUnavailable } from '../../lib/errors.ts';
import { answerOnCommit } from '../answer-on-commit.ts';
import type { EventStore, TransactKeys } from '../event-store.ts';
import { createGroup, type OnCommit } from '../group-commit.ts';
import { applyBatch, type Decision, type Failures } from './batch.ts';
import { createCombinations } from './combinations.ts';
import type { Database } from './database.ts';
import { hashOf } from './keys.ts';

/** The bodies of a batch are in memory several times over, at up to a megabyte each. */
const maxItems = 100;

export interface Transactions {
  readonly transact: EventStore['transact'];
  idle(): Promise<void>;
}

export const createTransactions = (database: Database, onCommit?: OnCommit): Transactions => {
  const combinations = createCombinations();

  const commitTogether = async (decisions: readonly Decision[]): Promise<Failures> => {
    const [transaction, failed] = await database.transaction(
      async (session, tries) => [session, await applyBatch(session, combinations, decisions, tries > 1)] as const,
    );
    combinations.commit(transaction);
    return failed;
  };

  const commit = async (decisions: readonly Decision[]): Promise<Failures> => {
    try {
      return await commitTogether(decisions);
    } catch (error) {
      if (error instanceof StoreUnavailable || decisions.length === 1) {
        return new Map(decisions.map((decision) => [decision, error]));
      }
      // What the database refuses in one event must not fail the others, so each then has a transaction of its own.
      const failed = new Map<Decision, unknown>();
      for (const decision of decisions) {
        for (const [each, reason] of await commit([decision])) failed.set(each, reason);
      }
      return failed;
    }
  };

  // While the server writes one batch to its disk, it can work on another.
  const createOne = () => createGroup(commit, maxItems, onCommit);
  const [first, second] = [createOne(), createOne()];
  /** Always the same for one scope, or the two would wait for each other. */
  const groupOf = ({ scopes: [scope = ''] }: TransactKeys) => (hashOf(scope).charCodeAt(0) % 2 === 0 ? first : second);

  return {
    transact: (keys, decide) =>
      answerOnCommit(groupOf(keys), (decided) => ({
        keys,
        decide(snapshot) {
          const changes = decide(snapshot);
          decided(changes.result);
          return changes;
        },
      })),
    async idle() {
      await Promise.all([first.idle(), second.idle()]);
    },
  };
};
