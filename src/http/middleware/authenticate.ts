import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Access, IsOpen } from '../access/access.ts';
import { demandInitiator, type Origins } from '../access/origin.ts';
import type { BasePath } from '../base-path.ts';
import type { HttpEnv } from '../env.ts';
import { wantsHtml } from '../headers.ts';
import { unauthorized, wrongToken } from '../problem.ts';

export interface AuthenticateDeps {
  readonly isOpen: IsOpen;
  readonly origins: Origins;
  readonly basePath: BasePath;
}

const demandRightToken = ({ checkToken }: Access, c: Context<HttpEnv>, given: string): void => {
  const verdict = checkToken(given, { address: c.get('address'), requestId: c.get('requestId'), as: 'bearer' });
  if (!verdict.right) throw wrongToken(verdict.waitMs, 'the token is wrong: it is not the API_TOKEN of this service');
};

const isGet = (c: Context): boolean => c.req.method === 'GET' || c.req.method === 'HEAD';

/** As `METHOD /path`; HEAD is answered wherever GET is. */
const routeAsked = (c: Context): string => `${isGet(c) ? 'GET' : c.req.method} ${c.req.path}`;

const signInPath = (c: Context, { path, strip }: BasePath): string => {
  const { pathname, search } = new URL(c.req.url);
  return `${path}/login?next=${encodeURIComponent(strip(pathname) + search)}`;
};

/**
 * Demands the token, or the session of one who gave it, everywhere but on the open routes. A browser is sent to sign in.
 * Hono's bearer-auth answers 400 to a malformed header, where our contract says 401.
 */
export const authenticate = (access: Access, { isOpen, origins, basePath }: AuthenticateDeps) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    if (isOpen(routeAsked(c))) return next();
    const given = /^bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (given !== undefined) {
      demandRightToken(access, c, given);
      return next();
    }
    const session = await access.sessions.current(c);
    if (session === null) {
      if (isGet(c) && wantsHtml(c)) return c.redirect(signInPath(c, basePath), 303);
      throw unauthorized('this needs the header "Authorization: Bearer <API_TOKEN>", or a session: sign in at /login');
    }
    // A browser sends the cookie with the requests of any site's page, so the page must be ours.
    demandInitiator(origins, c, ['own']);
    c.set('session', session);
    return next();
  });

/** Without an API_TOKEN everybody may do everything, but for the pages of other sites in somebody's browser. */
export const refuseOtherSites = ({ isOpen, origins }: Pick<AuthenticateDeps, 'isOpen' | 'origins'>) =>
  createMiddleware<HttpEnv>((c, next) => {
    if (!isOpen(routeAsked(c))) demandInitiator(origins, c, ['own', 'unknown']);
    return next();
  });
