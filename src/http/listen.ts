// Puts a fetch handler behind a port, and takes it off again without cutting a request short.
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';

export interface Listener {
  readonly port: number;
  /** Where this process reaches itself. */
  readonly url: string;
  /** Stops accepting; resolves when the requests under way have been answered. */
  close(): Promise<void>;
}

/** How often connections are looked at that are kept alive after their last answer. */
const closeIdleEveryMs = 50;

/** An address that stands for "any" is none to connect to. */
const urlOf = ({ address, port }: AddressInfo): string => {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

/**
 * @param port 0 picks a free one
 * @throws when the port or the address cannot be had
 */
export const listen = (
  fetch: (request: Request, env?: unknown) => Response | Promise<Response>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host }, (address) => {
      server.off('error', reject);
      resolve({ port: address.port, url: urlOf(address), close });
    });
    server.once('error', reject);

    const close = async (): Promise<void> => {
      const closeIdle = setInterval(() => {
        if ('closeIdleConnections' in server) server.closeIdleConnections();
      }, closeIdleEveryMs);
      await new Promise<void>((closed) => server.close(() => closed()));
      clearInterval(closeIdle);
    };
  });
