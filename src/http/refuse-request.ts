// Answers what never became a request for a handler: bytes that are no HTTP, targets and hosts that make no URL.
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../lib/log.ts';
import { createRefusalCount } from './access/refusal-count.ts';
import { endAndDestroy } from './connection-limits.ts';
import { securityHeaders } from './middleware/security-headers.ts';
import { problemBody, problemType } from './problem.ts';

const refusals: Readonly<Record<string, { readonly status: number; readonly detail: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, detail: 'the headers of the request are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, detail: 'the request took too long to arrive' },
  CONNECT: { status: 405, detail: 'this is no proxy: it does not take CONNECT' },
};
const unreadable = { status: 400, detail: 'the request is not HTTP that we can read' };

export interface RefuseRequest {
  /** As bytes on the bare connection, which ends then. */
  bytes(error: NodeJS.ErrnoException, socket: Duplex): void;
  /** As an answer. */
  target(error: unknown, address?: string): Response;
}

/** @param log none where nobody reads it */
export const createRefuseRequest = (log: Log | undefined, now: () => number): RefuseRequest => {
  const counted = createRefusalCount({ now, onCounted: (told) => log?.info(told, 'request.malformed') });
  const note = (requestId: string, address: string | undefined, status: number, detail: string): void => {
    const line = { request_id: requestId, address, status, detail };
    if (counted.add(address ?? 'unknown')) log?.info(line, 'request.malformed');
  };

  return {
    bytes(error, socket) {
      const hasSent = !('bytesRead' in socket) || socket.bytesRead !== 0;
      // Who sent nothing at all is no client in trouble: browsers and health checks open connections like that.
      if (error.code === 'ECONNRESET' || !socket.writable || !hasSent) {
        socket.destroy();
        return;
      }
      const { status, detail } = refusals[error.code ?? ''] ?? unreadable;
      const requestId = randomUUID();
      note(requestId, addressOf(socket), status, detail);
      const body = problemBody({ status, detail }, requestId);
      const head = [
        `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
        `Content-Type: ${problemType}`,
        `X-Request-Id: ${requestId}`,
        ...Object.entries(securityHeaders).map(([name, value]) => `${name}: ${value}`),
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
      ];
      endAndDestroy(socket, `${head.join('\r\n')}\r\n\r\n${body}`);
    },
    target(error, address) {
      const requestId = randomUUID();
      const detail = error instanceof Error ? error.message : 'the request cannot be read';
      note(requestId, address, 400, detail);
      const headers = { ...securityHeaders, 'content-type': problemType, 'x-request-id': requestId };
      return new Response(problemBody({ status: 400, detail }, requestId), { status: 400, headers });
    },
  };
};

const addressOf = (socket: Duplex): string | undefined =>
  'remoteAddress' in socket && typeof socket.remoteAddress === 'string' ? socket.remoteAddress : undefined;
