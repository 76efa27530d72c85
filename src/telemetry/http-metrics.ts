import type { HttpMetrics } from '../http/metrics.ts';
import { type MetricFactory, quickSeconds } from './metric-factory.ts';

/** Anything may stand in the place of a method, so what is not one of these is counted together. */
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export const createHttpMetrics = (factory: MetricFactory): Pick<HttpMetrics, 'answered'> => {
  const duration = factory.histogram(
    'http_request_duration_seconds',
    'Requests by method, route pattern and class of the status; its count is their number.',
    quickSeconds,
    ['method', 'route', 'status'],
  );
  return {
    answered(method, route, status, seconds) {
      const labels = { method: methods.has(method) ? method : 'other', route, status: `${Math.floor(status / 100)}xx` };
      duration.observe(labels, seconds);
    },
  };
};
