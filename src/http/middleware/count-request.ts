import type { HttpMetrics } from '../metrics.ts';
import { routeOf } from '../route-of.ts';
import type { Observer } from './around-request.ts';

/** Counts and times every request, by its route. */
export const countRequest =
  (metrics: Pick<HttpMetrics, 'answered'>): Observer =>
  (c, durationMs) =>
    metrics.answered(c.req.method, routeOf(c), c.res.status, durationMs / 1000);
