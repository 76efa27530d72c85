import { createMiddleware } from 'hono/factory';
import { timingSafeEqual } from 'hono/utils/buffer';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';

/**
 * Demands `Authorization: Bearer {token}` everywhere but on the open routes.
 * Hono's bearer-auth answers 400 to a malformed header, where our contract says 401.
 * @param open routes that authenticate themselves or hold nothing to protect, as `METHOD /path`
 */
export const authenticate = (token: string, open: ReadonlySet<string>) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    if (!open.has(`${method} ${c.req.path}`)) {
      const given = /^bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
      if (given === undefined || !(await timingSafeEqual(token, given))) {
        throw new Problem({
          status: 401,
          detail: 'this needs the header "Authorization: Bearer <API_TOKEN>"',
          headers: { 'www-authenticate': 'Bearer' },
        });
      }
    }
    await next();
  });
