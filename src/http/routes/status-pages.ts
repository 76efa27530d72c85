import { Hono } from 'hono';
import * as z from 'zod';
import { pageStateSchema } from '../../ingest/polling/page-state.ts';
import type { Poller } from '../../ingest/polling/poller.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';

const statusPagesSchema = z.strictObject({
  pages: z.array(z.strictObject({ name: z.string(), source: z.string(), ...pageStateSchema.shape })),
  skipped: z.array(z.string()).readonly().meta({ description: 'Status pages without a URL.' }),
});

export const statusPagePaths: Paths = {
  '/pages': {
    get: {
      tags: ['ingestion'],
      summary: 'Show what is known of each status page.',
      responses: { 200: json('The state of each status page.', statusPagesSchema), ...problems(503) },
    },
  },
};

/** `GET /pages`: what is known of each status page. Needs the token, which `/readyz` does not. */
export const statusPageRoutes = (poller: Poller, skipped: () => readonly string[]) =>
  new Hono<HttpEnv>().get('/pages', async (c) => {
    const states = await poller.states();
    return c.json<z.infer<typeof statusPagesSchema>>({
      pages: states.map(({ page: { name, source }, state }) => ({ name, source, ...state })),
      skipped: [...skipped()],
    });
  });
