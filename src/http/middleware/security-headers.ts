import { cameOverHttps } from '../access/scheme.ts';
import { contentSecurityPolicy } from '../content-security-policy.ts';
import { setHeader } from '../headers.ts';
import type { Preparation } from './around-request.ts';

/** On every answer, also those that no handler gives. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  // "no-referrer" would make browsers send our own forms with "Origin: null".
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
  'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

const entries = Object.entries(securityHeaders);
/** Assets are the same for everybody, and say themselves for how long. */
const assetEntries = entries.filter(([name]) => name !== 'cache-control');

/** Set before the handler runs, which costs less than changing its answer, and leaves the handler the last word. */
export const setSecurityHeaders: Preparation = (c) => {
  const own = c.req.path.startsWith('/assets/') ? assetEntries : entries;
  for (const [name, value] of own) setHeader(c, name, value);
  if (cameOverHttps(c)) setHeader(c, 'strict-transport-security', 'max-age=15552000');
};
