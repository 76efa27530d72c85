import type { Tracer } from '../lib/tracer.ts';
import type { Sink } from '../sinks/destination.ts';
import type { StoreMetrics } from './store-metrics.ts';

/** The sink, each of its attempts timed and a step of the trace that the destination can go on with. */
export const observeSink = (sink: Sink, metrics: Pick<StoreMetrics, 'attempted'>, tracer: Tracer): Sink => ({
  ...sink,
  send: (request) => {
    const { destination } = sink;
    const { action, event, requestId } = request;
    const ids = { request_id: requestId, event_id: event.event_id, destination, action };
    return tracer.span(
      `${action} ${destination}`,
      ids,
      async (span) => {
        const startedMs = performance.now();
        const result = await sink.send({ ...request, traceHeaders: tracer.headers() });
        metrics.attempted(destination, action, (performance.now() - startedMs) / 1000);
        span.set({ outcome: result.outcome });
        if (result.statusCode !== null) span.set({ 'http.response.status_code': result.statusCode });
        if (result.outcome !== 'delivered') span.fail(result.error);
        return result;
      },
      { kind: 'client' },
    );
  },
});
