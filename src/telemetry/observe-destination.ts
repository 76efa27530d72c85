import type { Tracer } from '../lib/tracer.ts';
import type { Destination, SendRequest, SendResult } from '../sinks/destination.ts';
import type { StoreMetrics } from './store-metrics.ts';

/** The destination, each of its attempts timed and a step of the trace that the receiver can go on with. */
export const observeDestination = (
  destination: Destination,
  metrics: Pick<StoreMetrics, 'attempted'>,
  tracer: Tracer,
): Destination => ({
  ...destination,
  send: (request) => {
    const { name } = destination;
    const { action, event_id, alert_id } = request.delivery;
    const timed = async (traced: SendRequest): Promise<SendResult> => {
      const startedMs = performance.now();
      const result = await destination.send(traced);
      metrics.attempted(name, action, (performance.now() - startedMs) / 1000);
      return result;
    };
    if (!tracer.isOn) return timed(request);
    const ids = { request_id: request.requestId, event_id, alert_id, destination: name, action };
    return tracer.span(
      `${action} ${name}`,
      ids,
      async (span) => {
        const result = await timed({ ...request, traceHeaders: tracer.headers() });
        span.set({ outcome: result.outcome });
        if (result.statusCode !== null) span.set({ 'http.response.status_code': result.statusCode });
        if (result.outcome !== 'delivered') span.fail(result.error);
        return result;
      },
      { kind: 'client' },
    );
  },
});
