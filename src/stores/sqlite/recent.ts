// The events that were written last, as they are in the file. Nobody else writes to it, so they need not be read again:
// an event is stored, routed, and delivered within a moment.
import type { StoredEvent } from './read.ts';

/** Events of a kilobyte or two each, at times of a megabyte. */
const capacity = 500;

export interface Recent {
  get(eventId: string): StoredEvent | undefined;
  /** To be called once they have been committed. */
  keep(written: ReadonlyMap<string, StoredEvent>): void;
  clear(): void;
}

export const createRecent = (): Recent => {
  const events = new Map<string, StoredEvent>();
  return {
    get: (eventId) => events.get(eventId),
    keep(written) {
      for (const [eventId, event] of written) {
        events.delete(eventId);
        events.set(eventId, event);
      }
      for (const oldest of events.keys()) {
        if (events.size <= capacity) return;
        events.delete(oldest);
      }
    },
    clear: () => events.clear(),
  };
};
