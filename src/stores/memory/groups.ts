// Sets by key, which are gone when nothing is in them.
export interface Groups<T> {
  get(key: string): ReadonlySet<T> | undefined;
  add(key: string, item: T): void;
  remove(key: string, item: T): void;
}

export const createGroups = <T>(): Groups<T> => {
  const groups = new Map<string, Set<T>>();
  return {
    get: (key) => groups.get(key),
    add(key, item) {
      const group = groups.get(key);
      if (group) group.add(item);
      else groups.set(key, new Set([item]));
    },
    remove(key, item) {
      const group = groups.get(key);
      if (!group?.delete(item)) return;
      if (group.size === 0) groups.delete(key);
    },
  };
};
