// What was read or written last, as it is in the file. Nobody else writes to it, so it need not be read again: an event
// is stored and delivered within a moment.

/** Events of a kilobyte each, alerts of a few; at times of a hundred. */
const capacity = 500;

export interface Recent<T> {
  get(sequence: number): T | undefined;
  keep(sequence: number, item: T): void;
  forget(sequence: number): void;
  clear(): void;
}

export const createRecent = <T>(): Recent<T> => {
  const items = new Map<number, T>();
  return {
    get: (sequence) => items.get(sequence),
    keep(sequence, item) {
      items.delete(sequence);
      items.set(sequence, item);
      if (items.size <= capacity) return;
      for (const oldest of items.keys()) {
        items.delete(oldest);
        return;
      }
    },
    forget: (sequence) => void items.delete(sequence),
    clear: () => items.clear(),
  };
};
