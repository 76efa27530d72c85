import { Hono } from 'hono';
import type { Poller } from '../../ingest/statuspage/poll.ts';
import type { HttpEnv } from '../env.ts';

/** `GET /pages`: what is known of each status page. Needs the token, which `/readyz` does not. */
export const pageRoutes = (poller: Poller, skipped: readonly string[]) =>
  new Hono<HttpEnv>().get('/pages', async (c) => {
    const states = await poller.states();
    return c.json({ pages: states.map(({ page: { name, source }, state }) => ({ name, source, ...state })), skipped });
  });
