import { eventIdOf } from '../domain/observation.ts';
import { errorText } from '../lib/errors.ts';
import type { Attributes, Tracer } from '../lib/tracer.ts';
import type { RunStage } from '../pipeline/bus.ts';
import type { Topic, Topics } from '../pipeline/topics.ts';

const observationsOf = (message: Topics[Topic]): Attributes => {
  if (!('observations' in message)) return {};
  const [first, ...others] = message.observations;
  return {
    observations: message.observations.length,
    ...(first && others.length === 0 && { event_id: eventIdOf(first) }),
  };
};

/** What a message says of what it is about: a page of many incidents names none of them. */
const subjectOf = (message: Topics[Topic]): Attributes => {
  if ('alertId' in message && message.alertId !== null) return { alert_id: message.alertId };
  return observationsOf(message);
};

const outcomeOf = (result: Topics[Topic]): Attributes => {
  if (!('outcomes' in result)) return {};
  const kinds = new Set(result.outcomes.map(({ kind }) => kind));
  return kinds.size === 0 ? {} : { outcome: [...kinds].join(',') };
};

/** Makes every run of a stage a span: `normalize`, `transact` and `wake`. */
export const traceStages =
  (tracer: Tracer): RunStage =>
  (stage, message, run) =>
    tracer.span(stage, { request_id: message.requestId, ...subjectOf(message) }, async (span) => {
      const result = await run();
      span.set(outcomeOf(result));
      const failed = 'outcomes' in result ? result.outcomes.find(({ kind }) => kind === 'failed') : undefined;
      if (failed?.kind === 'failed') span.fail(errorText(failed.error));
      return result;
    });
