// Where the time of one signal goes: a span for each step on its way, all in one trace. This is the port; what records
// the spans is loaded only when somebody collects them (telemetry/tracing.ts), and until then nothing is done.

export type Attributes = Readonly<Record<string, string | number>>;

/** A step that is under way. */
export interface Span {
  set(attributes: Attributes): void;
  rename(name: string): void;
  /** Marks a step that failed without throwing. */
  fail(reason: string): void;
}

export interface SpanOptions {
  /** `server`: asked by somebody else. `client`: asks somebody else. */
  readonly kind?: 'server' | 'client';
  /** Reads the headers of the request whose trace goes on here. */
  readonly continues?: (header: string) => string | undefined;
}

export interface Tracer {
  readonly isOn: boolean;
  /** Runs `work` as a step of the trace under way, or of a new one. A rejection marks the span as failed. */
  span<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>, options?: SpanOptions): Promise<T>;
  /** Runs `work` outside of any trace. */
  detached<T>(work: () => T): T;
  /** The trace under way, for the log. */
  traceId(): string | undefined;
  /** Headers by which the receiver of a request continues the trace. */
  headers(): Readonly<Record<string, string>>;
}

const noSpan: Span = { set: () => undefined, rename: () => undefined, fail: () => undefined };
const noHeaders = {};

export const noTracer: Tracer = {
  isOn: false,
  span: (_name, _attributes, work) => work(noSpan),
  detached: (work) => work(),
  traceId: () => undefined,
  headers: () => noHeaders,
};
