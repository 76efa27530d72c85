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
    if (!open.has(`${c.req.method} ${c.req.path}`)) {
      const [scheme, given] = (c.req.header('authorization') ?? '').split(' ', 2);
      if (scheme?.toLowerCase() !== 'bearer' || !given || !(await timingSafeEqual(token, given))) {
        throw new Problem({
          status: 401,
          detail: 'this needs the header "Authorization: Bearer <API_TOKEN>"',
          headers: { 'www-authenticate': 'Bearer' },
        });
      }
    }
    await next();
  });
