// All metrics of one service: the parts that record them, and their text. docs/observability.md lists them.
import { collectDefaultMetrics, Registry } from 'prom-client';
import packageJson from '../../package.json' with { type: 'json' };
import type { HttpMetrics } from '../http/metrics.ts';
import { createAlertMetrics } from './alert-metrics.ts';
import { type AwayMetrics, createAwayMetrics } from './away-metrics.ts';
import { createDestinationMetrics } from './destination-metrics.ts';
import { createLoopSamples, type LoopSamples, loopSampleMs } from './event-loop-samples.ts';
import { createHttpMetrics } from './http-metrics.ts';
import { createMetricFactory } from './metric-factory.ts';
import { createPageMetrics, type PageMetrics } from './page-metrics.ts';
import { createSignalMetrics, type SignalMetrics } from './signal-metrics.ts';
import { createStateMetrics, type Watched } from './state-metrics.ts';
import { createStoreMetrics, type StoreMetrics } from './store-metrics.ts';

export interface Metrics {
  readonly signals: SignalMetrics;
  readonly store: StoreMetrics;
  readonly pages: PageMetrics;
  readonly away: AwayMetrics;
  readonly http: HttpMetrics;
  /** Shows at each scrape what these tell. To be called once. */
  watch(watched: Watched): void;
}

/** Gauges with the ending of a counter, which promtool refuses; the same numbers are there by type as well. */
const misnamed = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export const createMetrics = (webhookSources: readonly string[], now: () => number): Metrics => {
  const registry = new Registry();
  const factory = createMetricFactory(registry);
  const signals = createSignalMetrics(factory, webhookSources, now);
  const alerts = createAlertMetrics(factory);
  const store = createStoreMetrics(factory, alerts);
  const destinationMetrics = createDestinationMetrics(factory);
  const pages = createPageMetrics(factory);
  factory.gauge('build_info', 'Which version this is.', ['version']).set({ version: packageJson.version }, 1);

  let refresh = async (): Promise<void> => undefined;
  /** These listen to the garbage collector for as long as the process lives, so only where somebody asks. */
  const showProcess = (): LoopSamples => {
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: loopSampleMs });
    for (const name of misnamed) registry.removeSingleMetric(name);
    return createLoopSamples();
  };
  let loopSamples: LoopSamples | undefined;

  return {
    signals,
    store,
    pages,
    away: createAwayMetrics(factory, webhookSources),
    http: {
      ...createHttpMetrics(factory),
      refused: signals.refused,
      contentType: registry.contentType,
      async text() {
        loopSamples ??= showProcess();
        await refresh();
        await loopSamples.arrived();
        loopSamples.taken();
        return registry.metrics();
      },
    },
    watch(watched) {
      refresh = createStateMetrics(factory, watched, {
        signals,
        store,
        pages,
        alerts,
        destinations: destinationMetrics,
        webhookSources,
        now,
      });
    },
  };
};
