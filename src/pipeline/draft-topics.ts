// What travels on the bus inside a transaction. It may run more than once, so nobody but the stages listens.
import type { Draft } from './draft.ts';

/** Each in the order in which they follow each other, inside one transaction. */
export type DraftTopics = {
  /** The transaction has read what is stored. */
  'draft.opened': Draft;
  /** The observation is news: the event is new or changed. */
  'draft.deduped': Draft;
  /** The event is in the draft as it will be stored. */
  'draft.stored': Draft;
  /** It is decided who is told. */
  'draft.routed': Draft;
};

export type DraftTopic = keyof DraftTopics;
