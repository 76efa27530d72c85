import { Hono } from 'hono';
import { type Paths, text } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import type { HttpMetrics } from '../metrics.ts';

export const metricsPaths: Paths = {
  '/metrics': {
    get: {
      tags: ['health'],
      summary: 'The metrics, for Prometheus.',
      responses: {
        200: text('The metrics, in the text format of Prometheus.', 'text/plain; version=0.0.4; charset=utf-8'),
      },
    },
  },
};

/** `GET /metrics`, in the text format that Prometheus scrapes. */
export const metricsRoutes = ({ contentType, text: metrics }: Pick<HttpMetrics, 'contentType' | 'text'>) =>
  new Hono<HttpEnv>().get('/metrics', async (c) => c.body(await metrics(), 200, { 'content-type': contentType }));
