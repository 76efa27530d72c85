import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../env.ts';
import type { HttpMetrics } from '../metrics.ts';
import { routeOf } from '../route-of.ts';

/** Counts and times every request, by its route. */
export const observeRequest = (metrics: Pick<HttpMetrics, 'answered'>) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const startedMs = performance.now();
    await next();
    metrics.answered(c.req.method, routeOf(c), c.res.status, (performance.now() - startedMs) / 1000);
  });
