// Spans are recorded where a collector is configured. OpenTelemetry is large, so it is loaded only then.
import { noTracer } from '../lib/tracer.ts';
import type { OtelOptions } from './otel.ts';
import type { Tracing, TracingConfig } from './tracing-port.ts';

export const startTracing = async (
  { endpoint, ...options }: TracingConfig,
  onChange: OtelOptions['onChange'],
): Promise<Tracing> => {
  if (endpoint === null) return { tracer: noTracer, close: async () => undefined };
  const { startOtel } = await import('./otel.ts');
  return startOtel({ ...options, endpoint, onChange });
};
