// What main.ts gets when it asks for traces, whether anything is loaded for them or not.
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
