import type { RunStage } from '../pipeline/bus.ts';
import { eventIdOf } from '../pipeline/dedupe.ts';
import type { Topic, Topics } from '../pipeline/topics.ts';
import type { Attributes, Tracer } from '../tracer.ts';
import type { SignalMetrics } from './signal-metrics.ts';

const eventOf = (message: Topics[Topic]): Attributes => {
  if ('observation' in message) return { event_id: eventIdOf(message.observation) };
  return 'eventId' in message && message.eventId !== null ? { event_id: message.eventId } : {};
};

/** Times every run of a stage, and makes it a span where there is somebody to look at it. */
export const observeStages = (metrics: Pick<SignalMetrics, 'stageEnded'>, tracer: Tracer): RunStage => {
  const timed: RunStage = async (stage, _message, run) => {
    const startedMs = performance.now();
    try {
      return await run();
    } finally {
      metrics.stageEnded(stage, (performance.now() - startedMs) / 1000);
    }
  };
  if (!tracer.isOn) return timed;
  return (stage, message, run) =>
    tracer.span(stage, { request_id: message.requestId, ...eventOf(message) }, async (span) => {
      const result = await timed(stage, message, run);
      if ('stop' in result) span.set({ outcome: result.stop });
      return result;
    });
};
