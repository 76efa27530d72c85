import { Hono } from 'hono';
import type { HttpEnv } from '../env.ts';

/** The checks by name; each answers whether it is well, and never rejects. */
export type ReadinessChecks = Readonly<Record<string, () => boolean | Promise<boolean>>>;

export const healthRoutes = (checks: ReadinessChecks) =>
  new Hono<HttpEnv>()
    .get('/healthz', (c) => c.json({ ok: true }))
    .get('/readyz', async (c) => {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => [name, { ok: await check() }] as const),
      );
      const ok = results.every(([, result]) => result.ok);
      return c.json({ ok, checks: Object.fromEntries(results) }, ok ? 200 : 503);
    });
