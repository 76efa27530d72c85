// Stage 2, inside the transaction: tells from what is stored whether an observation is new, a change, seen before, or an
// old copy. A duplicate goes no further; that it was seen again is kept.
import { applyObservation } from '../domain/lifecycle.ts';
import type { DraftStage } from './stage.ts';

export const dedupe: DraftStage = {
  name: 'dedupe',
  input: 'draft.opened',
  output: 'draft.deduped',
  run(draft) {
    const { snapshot, observation, nowMs, thread } = draft;
    const applied = applyObservation(snapshot.event, observation, nowMs, thread.requestId);
    switch (applied.verdict) {
      case 'new':
      case 'changed':
        return {
          ...draft,
          event: applied.record,
          change: applied.change,
          eventHistory: applied.entry ? [applied.entry] : [],
        };
      case 'duplicate':
        return { ...draft, ...(applied.record && { event: applied.record }), stopped: 'duplicate' };
      default:
        return { ...draft, stopped: applied.verdict };
    }
  },
};
