import { Hono } from 'hono';
import * as z from 'zod';
import { json, type Paths } from '../describe.ts';
import type { HttpEnv } from '../env.ts';

/** Whether a check passes, or what is to be said of it beside that. */
type CheckResult = boolean | { readonly ok: boolean; readonly detail: string };

/** The checks by name; none ever rejects. */
export type ReadinessChecks = Readonly<Record<string, () => CheckResult | Promise<CheckResult>>>;

const aliveSchema = z.strictObject({ ok: z.literal(true) });
const readinessSchema = z.strictObject({
  ok: z.boolean(),
  checks: z.record(z.string(), z.strictObject({ ok: z.boolean(), detail: z.string().exactOptional() })),
});

export type Readiness = z.infer<typeof readinessSchema>;

export const healthPaths: Paths = {
  '/healthz': {
    get: {
      tags: ['health'],
      summary: 'Check that the process is alive.',
      security: [],
      responses: { 200: json('Alive.', aliveSchema) },
    },
  },
  '/readyz': {
    get: {
      tags: ['health'],
      summary: 'Check whether requests should be sent here, with each check by name.',
      security: [],
      responses: { 200: json('Ready.', readinessSchema), 503: json('Not ready.', readinessSchema) },
    },
  },
};

export const healthRoutes = (checks: ReadinessChecks) =>
  new Hono<HttpEnv>()
    .get('/healthz', (c) => c.json<z.infer<typeof aliveSchema>>({ ok: true }))
    .get('/readyz', async (c) => {
      const results = await Promise.all(
        Object.entries(checks).map(async ([name, check]) => {
          const result = await check();
          return [name, typeof result === 'boolean' ? { ok: result } : result] as const;
        }),
      );
      const ok = results.every(([, result]) => result.ok);
      return c.json<Readiness>({ ok, checks: Object.fromEntries(results) }, ok ? 200 : 503);
    });
