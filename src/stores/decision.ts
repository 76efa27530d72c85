// How a call that decides becomes an item of a group commit, and its result the answer once that is on disk.
import type { Group } from './group-commit.ts';

/** One decision, waiting for its batch. It may run more than once; of several runs the last one is kept. */
export interface Work<Access> {
  /** Decides, and gives what writes the decision. Whatever is wrong with the decision is thrown here, before a write. */
  readonly plan: (access: Access) => () => void;
}

/** @param decide gives the answer, and what writes it */
export const runInGroup = <Access, T>(
  group: Pick<Group<Work<Access>>, 'add'>,
  decide: (access: Access) => { readonly result: T; readonly write: () => void },
): Promise<T> =>
  new Promise((resolve, reject) => {
    let answer = (): void => undefined;
    const work: Work<Access> = {
      plan(access) {
        const { result, write } = decide(access);
        answer = () => resolve(result);
        return write;
      },
    };
    group.add(work).then(() => answer(), reject);
  });
