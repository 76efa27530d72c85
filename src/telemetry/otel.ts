// Spans by OpenTelemetry, sent to a collector over OTLP. Nothing is registered globally: several services may share a
// process, and only our own spans are meant.
import { setTimeout as sleep } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import packageJson from '../../package.json' with { type: 'json' };
import { createOtelTracer } from './otel-tracer.ts';
import type { Tracing, TracingConfig } from './tracing-port.ts';
import { type ExportChange, watchExporter } from './watch-exporter.ts';

export interface OtelOptions extends TracingConfig {
  readonly endpoint: string;
  readonly onChange: (change: ExportChange) => void;
}

/** One batch, with the times that it is tried again. Meanwhile spans wait in a queue that drops what is too much. */
const exportTimeoutMs = 5000;
/** What shutting down waits for a collector that may be away. */
const closeTimeoutMs = 1000;
/** Ids come from vendors, and may be as long as their bodies. */
const maxAttributeChars = 256;

export const startOtel = ({ endpoint, headers, serviceName, onChange }: OtelOptions): Tracing => {
  const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
  const otlp = new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: exportTimeoutMs });
  // Detached: the trace of the span that filled the batch has nothing to do with the collector.
  const exporter = watchExporter(otlp, (change) => tracer.detached(() => onChange(change)));
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'service.version': packageJson.version }),
    spanLimits: { attributeValueLengthLimit: maxAttributeChars },
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const tracer = createOtelTracer(provider.getTracer('vendor-signals', packageJson.version));
  return {
    tracer,
    async close() {
      const flushed = provider.shutdown().catch(() => undefined);
      if (!exporter.isFailing()) await Promise.race([flushed, sleep(closeTimeoutMs, undefined, { ref: false })]);
    },
  };
};
