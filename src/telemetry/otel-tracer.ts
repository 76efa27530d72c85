// Our tracer on OpenTelemetry's. The trace under way is kept in an AsyncLocalStorage: a stage, a delivery and its
// attempts run in the asynchronous context of what published them.
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Context,
  defaultTextMapSetter,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { errorText } from '../lib/errors.ts';
import type { Span, SpanOptions, Tracer } from '../lib/tracer.ts';

const kindOf = { server: SpanKind.SERVER, client: SpanKind.CLIENT };
const propagator = new W3CTraceContextPropagator();
const headerGetter = {
  get: (header: NonNullable<SpanOptions['continues']>, name: string) => header(name),
  keys: () => [],
};

const fail = (span: OtelSpan, reason: string): void => {
  span.setStatus({ code: SpanStatusCode.ERROR, message: reason });
};

const faceOf = (span: OtelSpan): Span => ({
  set: (attributes) => void span.setAttributes(attributes),
  rename: (name) => void span.updateName(name),
  fail: (reason) => fail(span, reason),
});

export const createOtelTracer = (otel: OtelTracer): Tracer => {
  const contexts = new AsyncLocalStorage<Context>();
  const active = (): Context => contexts.getStore() ?? ROOT_CONTEXT;
  return {
    isOn: true,
    span(name, attributes, work, { kind, continues } = {}) {
      // A header that is no valid `traceparent` is as good as none.
      const parent = continues ? propagator.extract(ROOT_CONTEXT, continues, headerGetter) : active();
      const span = otel.startSpan(
        name,
        { kind: kind ? kindOf[kind] : SpanKind.INTERNAL, attributes: { ...attributes } },
        parent,
      );
      return contexts.run(trace.setSpan(parent, span), async () => {
        try {
          return await work(faceOf(span));
        } catch (error) {
          fail(span, errorText(error));
          throw error;
        } finally {
          span.end();
        }
      });
    },
    detached: (work) => contexts.run(ROOT_CONTEXT, work),
    traceId: () => trace.getSpanContext(active())?.traceId,
    headers() {
      const headers: Record<string, string> = {};
      propagator.inject(active(), headers, defaultTextMapSetter);
      return headers;
    },
  };
};
