// How a call that decides becomes an item of a group commit, and its result the answer once that is on disk.
import type { Group } from './group-commit.ts';

/**
 * One decision, waiting for its batch.
 * `State` is what the batch has read and decided so far, where a backend keeps that in memory.
 */
export interface Work<State = void> {
  /**
   * Decides, and gives what writes the decision. Bad data in the decision throws here, before a write. It
   * may run more than once; the last run is the one that is kept.
   */
  readonly plan: (state: State) => () => void;
}

/** @param decide gives the answer, and what writes it */
export const runInGroup = <T, State = void>(
  group: Pick<Group<Work<State>>, 'add'>,
  decide: (state: State) => { readonly result: T; readonly write: () => void },
): Promise<T> =>
  new Promise((resolve, reject) => {
    let answer = (): void => undefined;
    const work: Work<State> = {
      plan(state) {
        const { result, write } = decide(state);
        answer = () => resolve(result);
        return write;
      },
    };
    group.add(work).then(() => answer(), reject);
  });
