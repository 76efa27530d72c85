import type { Context } from 'hono';
import { headerOf } from '../headers.ts';

/**
 * Whether the browser spoke https, to us or to a proxy in front. Believed from anyone: who lies about it changes nothing
 * but his own cookie.
 */
export const cameOverHttps = (c: Context): boolean => {
  const forwarded = headerOf(c, 'x-forwarded-proto');
  return forwarded === undefined ? c.req.url.startsWith('https:') : /^https\b/i.test(forwarded);
};
