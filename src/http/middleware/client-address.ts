import { createMiddleware } from 'hono/factory';
import { createReadAddress } from '../access/address.ts';
import type { HttpEnv } from '../env.ts';

/** Finds out once whom a request counts for, for all limits and their log lines. */
export const clientAddress = (trustedProxies: readonly string[]) => {
  const readAddress = createReadAddress(trustedProxies);
  return createMiddleware<HttpEnv>((c, next) => {
    // Without a server in front there is no socket, and there are no bindings at all.
    const connected = c.env?.incoming?.socket.remoteAddress ?? '';
    c.set('address', readAddress(connected, c.req.header('x-forwarded-for')));
    return next();
  });
};
