// How `transact` becomes an item of a group commit, and its result the answer once that is committed.
import type { Changes, EventStore, Snapshot, TransactKeys } from '../event-store.ts';
import type { Group } from '../group-commit.ts';

/** One call of `transact`, waiting for its batch. It may be decided more than once; the last time is kept. */
export interface Decision {
  readonly keys: TransactKeys;
  readonly decide: (snapshot: Snapshot) => Changes<unknown>;
}

/** @param groupOf the group that commits what has these keys */
export const transactThrough =
  (groupOf: (keys: TransactKeys) => Pick<Group<Decision>, 'add'>): EventStore['transact'] =>
  (keys, decide) =>
    new Promise((resolve, reject) => {
      let answer = (): void => undefined;
      const decision: Decision = {
        keys,
        decide(snapshot) {
          const changes = decide(snapshot);
          answer = () => resolve(changes.result);
          return changes;
        },
      };
      groupOf(keys)
        .add(decision)
        .then(() => answer(), reject);
    });
