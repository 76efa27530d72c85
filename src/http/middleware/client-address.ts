import type { Log } from '../../lib/log.ts';
import { createReadAddress } from '../access/address.ts';
import { headerOf } from '../headers.ts';
import type { Preparation } from './around-request.ts';

/** Told once: a stranger can send the header as well, as often as he likes. */
const untrusted =
  'X-Forwarded-For came from an address that is not in TRUSTED_PROXIES: if it is your proxy, all its clients count as one address, and one of them with a wrong token makes the others wait';

/** Finds out once which client a request counts for, for all limits and their log lines. */
export const clientAddress = (trustedProxies: readonly string[], log: Log): Preparation => {
  let isTold = false;
  const readAddress = createReadAddress(trustedProxies, (address) => {
    if (!isTold) log.warn({ address, warning: untrusted }, 'proxy.untrusted');
    isTold = true;
  });
  return (c) => {
    // Without a server in front there is no socket, and there are no bindings at all.
    const connected = c.env?.incoming?.socket.remoteAddress ?? '';
    c.set('address', readAddress(connected, headerOf(c, 'x-forwarded-for')));
  };
};
