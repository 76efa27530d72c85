// The ids that were seen last, each in the order of its last sighting.
export interface SeenIds {
  has(eventId: string): boolean;
  remember(eventId: string): void;
}

export const createSeenIds = (capacity: number): SeenIds => {
  /** Least recently seen first. */
  const ids = new Set<string>();
  /** Goes on where it stopped: from the front, it would walk over all that was deleted there, each time. */
  const oldest = ids.values();

  return {
    has: (eventId) => ids.has(eventId),
    remember(eventId) {
      ids.delete(eventId);
      ids.add(eventId);
      if (ids.size <= capacity) return;
      const first = oldest.next();
      if (!first.done) ids.delete(first.value);
    },
  };
};
