// `change` of the port: what is asked for while one batch is committed is done together in the next.
import { StoreUnavailable } from '../../lib/errors.ts';
import { changeThrough, type Decision } from '../decision.ts';
import type { EventStore } from '../event-store.ts';
import { createGroup, type OnCommit } from '../group-commit.ts';
import { applyBatch } from './batch.ts';
import type { Database } from './database.ts';
import { hashOf } from './stored-event.ts';

/** The bodies of a batch are in memory several times over, at up to a megabyte each. */
const maxItems = 100;

export interface Changes {
  readonly change: EventStore['change'];
  idle(): Promise<void>;
}

type Failures = ReadonlyMap<Decision, unknown>;

const merge = (all: Map<Decision, unknown>, some: Failures): void => {
  for (const [decision, error] of some) all.set(decision, error);
};

export const createChanges = (database: Database, onCommit?: OnCommit): Changes => {
  /** What the database refuses in one event must not fail the others, so each then has a transaction of its own. */
  const afterFailure = async (decisions: readonly Decision[], error: unknown): Promise<Failures> => {
    if (error instanceof StoreUnavailable || decisions.length === 1) {
      return new Map(decisions.map((decision) => [decision, error]));
    }
    const failed = new Map<Decision, unknown>();
    for (const decision of decisions) merge(failed, await commit([decision]));
    return failed;
  };

  const commit = async (decisions: readonly Decision[]): Promise<Failures> => {
    const failed = new Map<Decision, unknown>();
    let left = decisions;
    try {
      // Whoever lost a race decides again, over what the winner stored.
      while (left.length > 0) {
        const batch = left;
        const outcome = await database.transaction((session) => applyBatch(session, batch));
        merge(failed, outcome.failed);
        left = outcome.raced;
      }
    } catch (error) {
      merge(failed, await afterFailure(left, error));
    }
    return failed;
  };

  // While the server writes one batch to its disk, it can work on another.
  const createOne = () => createGroup(commit, maxItems, onCommit);
  const [first, second] = [createOne(), createOne()];
  /** Always the same for one event, or the two would wait for each other. */
  const groupOf = (eventId: string) => (hashOf(eventId).charCodeAt(0) % 2 === 0 ? first : second);

  return {
    change: changeThrough(groupOf),
    async idle() {
      await Promise.all([first.idle(), second.idle()]);
    },
  };
};
