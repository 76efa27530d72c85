// Puts a fetch handler behind a port, and takes it off again without cutting a request short.
import { randomUUID } from 'node:crypto';
import { createServer, STATUS_CODES } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { getRequestListener } from '@hono/node-server';
import { securityHeaders } from './middleware/security-headers.ts';
import { problemBody, problemType } from './problem.ts';

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

/** A request that never became one: its target or its Host header makes no URL. */
const refuseTarget = (error: unknown): Response => {
  const requestId = randomUUID();
  const detail = error instanceof Error ? error.message : 'the request cannot be read';
  const headers = { ...securityHeaders, 'content-type': problemType, 'x-request-id': requestId };
  return new Response(problemBody({ status: 400, detail }, requestId), { status: 400, headers });
};

const statusOf: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** What Node's parser refuses never reaches a handler, and is answered on the bare connection. */
const refuseBytes = (error: NodeJS.ErrnoException, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusOf[error.code ?? ''] ?? 400;
  const requestId = randomUUID();
  const body = problemBody({ status, detail: 'the request is not HTTP that we can read' }, requestId);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Content-Type: ${problemType}`,
    `X-Request-Id: ${requestId}`,
    ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
};

/**
 * @param port 0 picks a free one
 * @throws when the port or the address cannot be had
 */
export const listen = (
  fetch: (request: Request, env?: object) => Response | Promise<Response>,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const listener = getRequestListener(fetch, { errorHandler: refuseTarget });
    // Node would answer a missing Host header itself, with an empty body.
    const server = createServer({ requireHostHeader: false }, listener);
    server.on('clientError', refuseBytes);
    server.once('error', reject);

    const close = async (): Promise<void> => {
      const closeIdle = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs);
      await new Promise<void>((closed) => server.close(() => closed()));
      clearInterval(closeIdle);
    };

    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      if (address === null || typeof address === 'string') throw new Error('a TCP server has a TCP address');
      resolve({ port: address.port, url: urlOf(address), close });
    });
  });
