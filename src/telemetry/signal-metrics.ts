// What comes in and what becomes of it, as the bus tells it.
import type { Bus } from '../pipeline/bus.ts';
import type { Outcome } from '../pipeline/topics.ts';
import { type MetricFactory, quickSeconds } from './metric-factory.ts';

export interface SignalMetrics {
  /** Counts from zero on for these. */
  begin(sources: readonly string[]): void;
  /** Counts the signals of this bus from now on. */
  listen(bus: Bus): void;
  refused(source: string): void;
  stageEnded(stage: string, durationMs: number): void;
  /** When a webhook of this source came, if that is later than what is known. */
  received(source: string, atMs: number): void;
  /** Whether a webhook of this source was ever heard of. */
  knows(source: string): boolean;
}

type SignalOutcome = Outcome['kind'] | 'refused';

/** Counted from zero on for every source, so that the first of them already is an increase. */
const firstOutcomes: readonly SignalOutcome[] = ['stored', 'duplicate', 'failed'];

/** @param webhookSources those that post to us, and so may fall silent without our noticing */
export const createSignalMetrics = (
  factory: MetricFactory,
  webhookSources: readonly string[],
  now: () => number,
): SignalMetrics => {
  const signals = factory.counter('signals_total', 'Observations, by source and outcome.', ['source', 'outcome']);
  const lastReceived = factory.gauge(
    'webhook_last_received_timestamp_seconds',
    'When the last verified webhook came; after a restart, when the newest stored event was last seen.',
    ['source'],
  );
  const stages = factory.histogram('stage_duration_seconds', 'Runs of the stages of the pipeline.', quickSeconds, [
    'stage',
  ]);
  for (const source of webhookSources) signals.inc({ source, outcome: 'refused' }, 0);

  /** The signals under way, with where they come from. */
  const underWay = new Map<string, string>();
  const lastMs = new Map<string, number>();

  const end = (signalId: string, outcomes: readonly SignalOutcome[]): void => {
    const source = underWay.get(signalId);
    // A manual action is no signal.
    if (source === undefined) return;
    underWay.delete(signalId);
    for (const outcome of outcomes) signals.inc({ source, outcome });
  };

  const received = (source: string, atMs: number): void => {
    if (!webhookSources.includes(source) || atMs <= (lastMs.get(source) ?? 0)) return;
    lastMs.set(source, atMs);
    lastReceived.set({ source }, atMs / 1000);
  };

  return {
    begin(sources) {
      for (const source of sources) for (const outcome of firstOutcomes) signals.inc({ source, outcome }, 0);
    },
    received,
    knows: (source) => lastMs.has(source),
    refused: (source) => signals.inc({ source, outcome: 'refused' }),
    stageEnded: (stage, durationMs) => stages.observe({ stage }, durationMs / 1000),
    listen(bus) {
      bus.on('signal.received', ({ signalId, source }) => {
        underWay.set(signalId, source);
        received(source, now());
      });
      bus.on('signal.processed', ({ signalId, outcomes }) =>
        end(
          signalId,
          outcomes.map(({ kind }) => kind),
        ),
      );
      bus.on('stage.failed', ({ signalId }) => end(signalId, ['failed']));
    },
  };
};
