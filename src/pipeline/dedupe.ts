// Stage 2: decides from what is stored whether an observation is new, a change, seen before, or an old copy.
// It writes nothing, so there is no moment at which an event counts as seen but is not stored.

import { judge } from '../domain/lifecycle.ts';
import { toIso } from '../lib/time.ts';
import type { EventStore } from '../stores/event-store.ts';
import type { Stage } from './stage.ts';
import type { Observation } from './topics.ts';

export const eventIdOf = (observation: Observation): string =>
  observation.type === 'seen' ? observation.event.event_id : observation.eventId;

export const createDedupe = (
  store: Pick<EventStore, 'find'>,
  now: () => number,
): Stage<'observation.normalized', 'observation.judged'> => ({
  name: 'dedupe',
  input: 'observation.normalized',
  output: 'observation.judged',
  async run({ signalId, requestId, observation }) {
    const eventId = eventIdOf(observation);
    const { verdict } = judge(await store.find(eventId), observation, toIso(now()), requestId);
    if (verdict === 'older' || verdict === 'ignored') return { stop: verdict, eventId };
    return { publish: { signalId, requestId, observation, verdict } };
  },
});
