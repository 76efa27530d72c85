import { Hono } from 'hono';
import type { HttpEnv } from '../env.ts';
import type { HttpMetrics } from '../metrics.ts';

/** `GET /metrics`, in the text format that Prometheus scrapes. */
export const metricsRoutes = ({ contentType, text }: Pick<HttpMetrics, 'contentType' | 'text'>) =>
  new Hono<HttpEnv>().get('/metrics', async (c) => c.body(await text(), 200, { 'content-type': contentType }));
