// The traces as main.ts has them, whether OpenTelemetry is loaded or not.
import type { Tracer } from '../lib/tracer.ts';

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
