// How this service makes its metrics: one prefix, and a registry of its own, for several services may share a process.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const prefix = 'vendor_signals_';

export interface MetricFactory {
  counter<L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L>;
  gauge<L extends string>(name: string, help: string, labelNames?: readonly L[]): Gauge<L>;
  histogram<L extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames?: readonly L[],
  ): Histogram<L>;
}

/** Bounds, in seconds, for what takes from half a millisecond to seconds. */
export const quickSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
/** The same for what goes over a network. */
export const slowSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export const createMetricFactory = (registry: Registry): MetricFactory => {
  const about = <L extends string>(name: string, help: string, labelNames: readonly L[]) => ({
    name: `${prefix}${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  return {
    counter: (name, help, labelNames) => new Counter(about(name, help, labelNames)),
    gauge: (name, help, labelNames = []) => new Gauge(about(name, help, labelNames)),
    histogram: (name, help, buckets, labelNames = []) =>
      new Histogram({ ...about(name, help, labelNames), buckets: [...buckets] }),
  };
};
