// Stage 3: makes the verdict true, atomically. Whatever changed in the store since `dedupe` looked, the judgement
// that counts is the one taken here, so of fifty identical signals one is stored and the others are duplicates.

import { type Judgement, judge } from '../domain/lifecycle.ts';
import { toIso } from '../lib/time.ts';
import type { Change, EventStore } from '../stores/event-store.ts';
import { eventIdOf } from './dedupe.ts';
import type { Stage } from './stage.ts';

const changeFor = (judgement: Judgement): Change<Judgement> => {
  if (!('record' in judgement) || judgement.record === undefined) return { result: judgement };
  const { record } = judgement;
  return 'entry' in judgement
    ? { result: judgement, record, history: [judgement.entry] }
    : { result: judgement, record };
};

export const createStore = (
  store: Pick<EventStore, 'change'>,
  now: () => number,
): Stage<'observation.judged', 'event.stored'> => ({
  name: 'store',
  input: 'observation.judged',
  output: 'event.stored',
  async run({ signalId, requestId, observation }) {
    const eventId = eventIdOf(observation);
    const judgement = await store.change(eventId, (found) =>
      changeFor(judge(found, observation, toIso(now()), requestId)),
    );
    if (judgement.verdict === 'seen') return { stop: 'duplicate', eventId };
    if (judgement.verdict === 'older' || judgement.verdict === 'ignored') return { stop: judgement.verdict, eventId };
    const { change, record } = judgement;
    return { publish: { signalId, requestId, eventId, change, severity: record.event.severity } };
  },
});
