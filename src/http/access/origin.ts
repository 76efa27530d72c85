// What a request says of where it comes from. A browser sends Origin or Sec-Fetch-Site with every change, and no page
// can make it send others. But a foreign site can point its own name at this service (DNS rebinding), and then its page
// has our origin; so the name that we are asked by has to be one that we know.
import { isIP } from 'node:net';
import type { Context } from 'hono';
import { cut } from '../../lib/text.ts';
import { Problem } from '../problem.ts';
import { cameOverHttps } from './scheme.ts';

const schemeOf = (c: Context): string => (cameOverHttps(c) ? 'https' : 'http');

/**
 * The page that made the request: our own, another site's, or none that we are told of, as with curl. `misnamed`: a page
 * that asks for us by a name that is not ours.
 */
export type Initiator = 'own' | 'foreign' | 'unknown' | 'misnamed';

export interface Origins {
  initiator(c: Context): Initiator;
  /** Whether the browser asks at `PUBLIC_URL`, as far as the request shows. */
  isPublic(c: Context): boolean;
}

const isLoopbackName = (name: string): boolean => name === 'localhost' || name.endsWith('.localhost');

/** @param publicUrl where people reach the dashboard; null when that is not configured */
export const createOrigins = (publicUrl: string | null): Origins => {
  const own = publicUrl === null ? null : new URL(publicUrl);

  const isKnownName = (host: string): boolean => {
    const name = URL.parse(`http://${host}`)?.hostname.replace(/\.$/, '') ?? '';
    // A site has a name. Who asks by an address (of Docker's host, say) cannot have been led here by DNS.
    return name === own?.hostname || isLoopbackName(name) || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  };
  const isPublicHost = (host: string): boolean =>
    own !== null && URL.parse(`${own.protocol}//${host}`)?.host === own.host;

  return {
    initiator(c) {
      const [site, origin] = [c.req.header('sec-fetch-site'), c.req.header('origin')];
      if (site !== undefined && site !== 'same-origin') return 'foreign';
      if (origin === undefined) return site === undefined ? 'unknown' : 'own';
      // Behind a proxy that renames us, the browser still names the origin that people see.
      if (origin === own?.origin) return 'own';
      const { host } = new URL(c.req.url);
      if (site === undefined && origin !== `${schemeOf(c)}://${host}`) return 'foreign';
      return isKnownName(host) ? 'own' : 'misnamed';
    },
    isPublic: (c) => c.req.header('origin') === own?.origin || isPublicHost(new URL(c.req.url).host),
  };
};

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

const changesSomething = (c: Context): boolean => !safeMethods.has(c.req.method);

const forbiddenOrigin = (): Problem =>
  new Problem({
    status: 403,
    detail: 'a change must come from the dashboard of this service (Origin, Sec-Fetch-Site), or bring a Bearer token',
  });

const unknownName = (host: string): Problem =>
  new Problem({
    status: 403,
    detail: `this service is not known as "${cut(host, 100)}": set PUBLIC_URL to the address in the browser`,
  });

/**
 * Refuses pages of other sites, and ours under a name that we do not know.
 * @param allowed who may change something
 * @throws {Problem} 403
 */
export const demandInitiator = (origins: Origins, c: Context, allowed: readonly Initiator[]): void => {
  const initiator = origins.initiator(c);
  if (initiator === 'misnamed') throw unknownName(new URL(c.req.url).host);
  if (changesSomething(c) && !allowed.includes(initiator)) throw forbiddenOrigin();
};
