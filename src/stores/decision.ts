// How `EventStore.change` becomes an item of a group commit, and its result the answer once that is on disk.

import type { Change, EventStore, Found } from './event-store.ts';
import type { Group } from './group-commit.ts';

/** One call of `change`, waiting for its batch. */
export interface Decision {
  readonly eventId: string;
  readonly decide: (found: Found) => Change<unknown>;
}

/** @param groupOf the group that commits the changes of an event, always the same for one event */
export const changeThrough =
  (groupOf: (eventId: string) => Pick<Group<Decision>, 'add'>): EventStore['change'] =>
  (eventId, decide) =>
    new Promise((resolve, reject) => {
      let answer = (): void => undefined;
      const decision: Decision = {
        eventId,
        decide(found) {
          const change = decide(found);
          // Of several runs, the last one is what was kept.
          answer = () => resolve(change.result);
          return change;
        },
      };
      groupOf(eventId)
        .add(decision)
        .then(() => answer(), reject);
    });
