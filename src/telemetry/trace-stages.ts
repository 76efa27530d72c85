import type { Attributes, Tracer } from '../lib/tracer.ts';
import type { RunStage } from '../pipeline/bus.ts';
import { eventIdOf } from '../pipeline/dedupe.ts';
import type { Topic, Topics } from '../pipeline/topics.ts';

const eventOf = (message: Topics[Topic]): Attributes => {
  if ('observation' in message) return { event_id: eventIdOf(message.observation) };
  return 'eventId' in message && message.eventId !== null ? { event_id: message.eventId } : {};
};

/** Makes every run of a stage a span. */
export const traceStages =
  (tracer: Tracer): RunStage =>
  (stage, message, run) =>
    tracer.span(stage, { request_id: message.requestId, ...eventOf(message) }, async (span) => {
      const result = await run();
      if ('stop' in result) span.set({ outcome: result.stop });
      return result;
    });
