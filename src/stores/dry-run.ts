// A store over another one: it reads what that holds, and keeps every change to itself. What is done over it leaves no
// trace.
import type { EventStore, Found, HistoryEntry } from './event-store.ts';

export type Underlay = Pick<EventStore, 'find' | 'openEvents' | 'loadState'>;

export interface OverlayStore extends Underlay, Pick<EventStore, 'change' | 'saveState' | 'exclusively'> {
  /** What would have been added to the history of an event. */
  addedHistory(eventId: string): readonly HistoryEntry[];
}

export const createOverlayStore = (under: Underlay): OverlayStore => {
  const changed = new Map<string, Found>();
  const history = new Map<string, readonly HistoryEntry[]>();
  const states = new Map<string, string>();

  const find = async (eventId: string): Promise<Found> => changed.get(eventId) ?? under.find(eventId);

  return {
    find,
    async change(eventId, decide) {
      const stored = await under.find(eventId);
      // Whatever changed while the other store answered is what counts: from here on nothing waits.
      const { result, record, history: added = [] } = decide(changed.get(eventId) ?? stored);
      if (record) changed.set(eventId, record);
      history.set(eventId, [...(history.get(eventId) ?? []), ...added]);
      return result;
    },
    addedHistory: (eventId) => history.get(eventId) ?? [],
    openEvents: (source) => under.openEvents(source),
    async loadState(key) {
      const text = states.get(key);
      return text === undefined ? under.loadState(key) : JSON.parse(text);
    },
    async saveState(key, state) {
      states.set(key, JSON.stringify(state));
    },
    exclusively: (_name, work) => work(),
  };
};
