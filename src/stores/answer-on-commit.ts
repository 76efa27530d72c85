// How a call that decides becomes an item of a group commit, and its result the answer once that is committed.
import type { Group } from './group-commit.ts';

/**
 * @param toItem makes the item, which tells `decided` its result each time it decides: it may run more than once, and the
 * last result is the answer
 */
export const answerOnCommit = <T, Item>(
  group: Pick<Group<Item>, 'add'>,
  toItem: (decided: (result: T) => void) => Item,
): Promise<T> =>
  new Promise((resolve, reject) => {
    let answer = (): void => undefined;
    const item = toItem((result) => {
      answer = () => resolve(result);
    });
    group.add(item).then(() => answer(), reject);
  });
