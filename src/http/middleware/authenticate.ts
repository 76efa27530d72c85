import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import type { Access, IsOpen } from '../access/access.ts';
import { changesSomething, crossSite, initiator, wantsHtml } from '../access/origin.ts';
import type { HttpEnv } from '../env.ts';
import { Problem, slowDown } from '../problem.ts';

const unauthorized = (): Problem =>
  new Problem({
    status: 401,
    detail: 'this needs the header "Authorization: Bearer <API_TOKEN>", or a session: sign in at /login',
    headers: { 'www-authenticate': 'Bearer' },
  });

const demandRightToken = ({ checkToken }: Access, c: Context<HttpEnv>, given: string): void => {
  const verdict = checkToken(given, { address: c.get('address'), requestId: c.get('requestId'), as: 'bearer' });
  if (!verdict.right) throw verdict.waitMs > 0 ? slowDown('too many wrong tokens', verdict.waitMs) : unauthorized();
};

/** A browser sends the cookie along whoever made it ask, so a page of ours must have. */
const demandOwnPage = (c: Context): void => {
  if (changesSomething(c) && initiator(c) !== 'own') throw crossSite();
};

const signInPath = (c: Context): string => {
  const { pathname, search } = new URL(c.req.url);
  return `/login?next=${encodeURIComponent(pathname + search)}`;
};

/**
 * Demands the token, or the session of one who gave it, everywhere but on the open routes. A browser is sent to sign in.
 * Hono's bearer-auth answers 400 to a malformed header, where our contract says 401.
 */
export const authenticate = (access: Access, isOpen: IsOpen) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    if (isOpen(`${method} ${c.req.path}`)) return next();
    const given = /^bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    if (given !== undefined) demandRightToken(access, c, given);
    else if (await access.sessions.isSignedIn(c)) demandOwnPage(c);
    else if (method === 'GET' && wantsHtml(c)) return c.redirect(signInPath(c), 303);
    else throw unauthorized();
    return next();
  });

/** Without an API_TOKEN everybody may do everything, but for the pages of other sites in somebody's browser. */
export const refuseOtherSites = (isOpen: IsOpen) =>
  createMiddleware<HttpEnv>((c, next) => {
    const isForeign = changesSomething(c) && initiator(c) === 'foreign';
    if (isForeign && !isOpen(`${c.req.method} ${c.req.path}`)) throw crossSite();
    return next();
  });
