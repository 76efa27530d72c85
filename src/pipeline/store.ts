// Stage 3, inside the transaction: what will be kept of the event. The vendor's object is written with a new event, and
// again only when the vendor said something else.
import type { DraftStage } from './stage.ts';

export const store: DraftStage = {
  name: 'store',
  input: 'draft.deduped',
  output: 'draft.stored',
  run(draft) {
    const { observation } = draft;
    if (observation.type !== 'sighting') return draft;
    return { ...draft, rawJson: observation.rawJson ?? JSON.stringify(observation.event.raw) ?? 'null' };
  },
};
