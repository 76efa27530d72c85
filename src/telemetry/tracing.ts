// Spans are recorded where a collector is configured. What does that is large, so it is loaded only then.
import { noTracer, type Tracer } from '../lib/tracer.ts';
import type { OtelOptions } from './otel.ts';

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is left to the collector, as far as that takes no more than a moment. */
  close(): Promise<void>;
}

export interface TracingConfig {
  /** The collector, or null where nobody collects. */
  readonly endpoint: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
}

export const startTracing = async (
  { endpoint, ...options }: TracingConfig,
  onChange: OtelOptions['onChange'],
): Promise<Tracing> => {
  if (endpoint === null) return { tracer: noTracer, close: async () => undefined };
  const { startOtel } = await import('./otel.ts');
  return startOtel({ ...options, endpoint, onChange });
};
