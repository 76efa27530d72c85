// What a request says of where it comes from. A browser sends Origin or Sec-Fetch-Site with whatever changes something,
// and no page can make it send others.
import type { Context } from 'hono';
import { Problem } from '../problem.ts';

/**
 * Whether the browser spoke https, to us or to a proxy in front. Believed from anyone: who lies about it changes nothing
 * but his own cookie.
 */
export const cameOverHttps = (c: Context): boolean => {
  const forwarded = c.req.header('x-forwarded-proto');
  return forwarded === undefined ? c.req.url.startsWith('https:') : /^https\b/i.test(forwarded);
};

/** The page that made the request: our own, another site's, or none that we are told of, as with curl. */
export const initiator = (c: Context): 'own' | 'foreign' | 'unknown' => {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined) return site === 'same-origin' ? 'own' : 'foreign';
  const origin = c.req.header('origin');
  if (origin === undefined) return 'unknown';
  return origin === `${cameOverHttps(c) ? 'https' : 'http'}://${new URL(c.req.url).host}` ? 'own' : 'foreign';
};

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

export const changesSomething = (c: Context): boolean => !safeMethods.has(c.req.method);

export const crossSite = (): Problem =>
  new Problem({
    status: 403,
    detail:
      'what changes something must come from a page of this service (Origin, Sec-Fetch-Site), or bring a Bearer token',
  });

export const wantsHtml = (c: Context): boolean => /\btext\/html\b/i.test(c.req.header('accept') ?? '');
