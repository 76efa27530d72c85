import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../env.ts';
import type { HttpMetrics } from '../metrics.ts';
import { routeOf } from '../route-of.ts';

/** Told of every answer, and how long it took. */
export type Observer = (c: Context<HttpEnv>, durationMs: number) => void;

export const observeRequest = (...observers: readonly Observer[]) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const startedMs = performance.now();
    await next();
    const durationMs = performance.now() - startedMs;
    for (const observe of observers) observe(c, durationMs);
  });

/** Counts and times every request, by its route. */
export const countRequest =
  (metrics: Pick<HttpMetrics, 'answered'>): Observer =>
  (c, durationMs) =>
    metrics.answered(c.req.method, routeOf(c), c.res.status, durationMs / 1000);
