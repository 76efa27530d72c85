// How a call that decides becomes an item of a group commit, and its result the answer once that is on disk.
import type { Group } from './group-commit.ts';

/** One decision, waiting for its batch. */
export interface Work {
  /**
   * Decides, and gives what writes the decision. Whatever is wrong with the decision is thrown here, before a write. It
   * may run more than once; the last run is the one that is kept.
   */
  readonly plan: () => () => void;
}

/** @param decide gives the answer, and what writes it */
export const runInGroup = <T>(
  group: Pick<Group<Work>, 'add'>,
  decide: () => { readonly result: T; readonly write: () => void },
): Promise<T> =>
  new Promise((resolve, reject) => {
    let answer = (): void => undefined;
    const work: Work = {
      plan() {
        const { result, write } = decide();
        answer = () => resolve(result);
        return write;
      },
    };
    group.add(work).then(() => answer(), reject);
  });
