// Puts a fetch handler behind a port, and takes it off again without cutting a request short.
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { getRequestListener } from '@hono/node-server';
import type { Log } from '../lib/log.ts';
import { createSilentConnections, limitConnections, mostConnections, timeouts } from './connection-limits.ts';
import { createRefuseRequest } from './refuse-request.ts';

export interface Listener {
  readonly port: number;
  /** Where this process reaches itself. */
  readonly url: string;
  /** How many connections are open. */
  connections(): Promise<number>;
  /** Stops accepting; resolves when the requests under way have been answered. */
  close(): Promise<void>;
}

export interface EdgeOptions {
  readonly log?: Log;
  readonly maxConnections?: number;
  /** Shorter ones than usual, in milliseconds. */
  readonly timeouts?: Partial<Record<keyof typeof timeouts, number>>;
}

/** How often connections are looked at that are kept alive after their last answer. */
const closeIdleEveryMs = 50;

/** An address that stands for "any" is none to connect to. */
const urlOf = ({ address, port }: AddressInfo): string => {
  const host = address === '0.0.0.0' ? '127.0.0.1' : address === '::' ? '::1' : address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
};

/** HTTP/1.0 knows no Host, and plain health checks (HAProxy's) speak it. HTTP/1.1 demands one. */
const missingHost = new Error('Missing host header');
const lacksHost = ({ headers, httpVersion }: Pick<IncomingMessage, 'headers' | 'httpVersion'>): boolean =>
  !headers.host && httpVersion !== '1.0';

/**
 * @param port 0 picks a free one
 * @throws when the port or the address cannot be had
 */
export const listen = (
  fetch: (request: Request, env?: object) => Response | Promise<Response>,
  { port, host }: { readonly port: number; readonly host: string },
  edge: EdgeOptions = {},
): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const refuse = createRefuseRequest(edge.log, Date.now);
    const answer = getRequestListener(
      (request, env) =>
        'incoming' in env && lacksHost(env.incoming)
          ? refuse.target(missingHost, env.incoming.socket.remoteAddress)
          : fetch(request, env),
      { errorHandler: (error) => refuse.target(error), hostname: 'localhost' },
    );
    // Node would answer a missing Host header itself, with an empty body.
    const { silenceTimeout, ...ofRequests } = { ...timeouts, ...edge.timeouts };
    // Of two Host headers Node would keep the first, and a proxy may have gone by the other. Joined they make no URL.
    const server = createServer({ requireHostHeader: false, joinDuplicateHeaders: true, ...ofRequests }, answer);
    server.setTimeout(silenceTimeout);
    limitConnections(server, edge.maxConnections ?? mostConnections, edge.log);
    const silent = createSilentConnections(server);
    server.on('clientError', refuse.bytes);
    // Node would answer 417 to an expectation that it does not know, itself and with an empty body.
    server.on('checkExpectation', answer);
    server.on('connect', (_request, socket) => refuse.bytes(Object.assign(new Error(), { code: 'CONNECT' }), socket));
    server.once('error', reject);

    const close = async (): Promise<void> => {
      const closeIdle = setInterval(() => {
        server.closeIdleConnections();
        silent.destroy();
      }, closeIdleEveryMs);
      await new Promise<void>((closed) => server.close(() => closed()));
      clearInterval(closeIdle);
    };

    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a TCP server has a TCP address');
      const count = promisify(server.getConnections.bind(server));
      resolve({ port: address.port, url: urlOf(address), connections: () => count(), close });
    });
  });
