// One HTTP request to somebody else, over node:http with connections that are kept, and through a proxy where one is
// set. fetch costs two and a half times as much for each delivery (docs/adr/0036), and follows redirects unless told.
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import { errorText } from '../lib/errors.ts';
import type { HttpClient } from '../lib/http-client.ts';

/** As much of our HTTP client as a request to somebody else needs. */
export type Client = Pick<HttpClient, 'routeTo'>;

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** From the call to the end of the answer. */
  readonly timeoutMs: number;
}

/**
 * `failed`: no answer began; one that breaks off, or does not end in time, counts by its status. `isSent` tells whether a
 * byte of the request may have left.
 */
export type HttpResult =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: IncomingHttpHeaders; readonly text: string }
  | { readonly kind: 'failed'; readonly isSent: boolean; readonly isTimeout: boolean; readonly error: string };

/** An answer is read up to here; what is longer counts as empty. */
const maxAnswerBytes = 16_384;

/** Calls back once a request on this socket can have left the machine. */
const onConnected = (socket: Socket, connected: () => void): void => {
  const isSecure = 'encrypted' in socket;
  const isHandshaking = isSecure && 'secureConnecting' in socket && socket.secureConnecting === true;
  if (socket.connecting || isHandshaking) socket.once(isSecure ? 'secureConnect' : 'connect', connected);
  // A connection that was kept, or that a proxy has opened already, is ready. One that failed at once is pending.
  else if (!socket.pending && !socket.destroyed) connected();
};

const decoder = new TextDecoder();

/** Reads the answer's text; empty when it cannot be read, for the status has been given already. */
const readAnswer = (response: http.IncomingMessage, done: (text: string) => void): void => {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.byteLength;
    if (size <= maxAnswerBytes) chunks.push(chunk);
    else response.destroy();
  });
  response.on('end', () => done(size <= maxAnswerBytes ? decoder.decode(Buffer.concat(chunks)) : ''));
  response.on('error', () => done(''));
  response.on('close', () => done(''));
};

const request = (
  client: Client,
  address: string,
  { method, headers, body, timeoutMs }: HttpRequest,
): Promise<HttpResult> =>
  new Promise((resolve) => {
    const { isSecure, options } = client.routeTo(address);
    let isSent = false;
    let isTimeout = false;
    let answer: http.IncomingMessage | undefined;
    const outgoing = (isSecure ? https : http).request({
      ...options,
      method,
      headers,
    });
    const timer = setTimeout(() => {
      isTimeout = true;
      if (answer) answer.destroy();
      else outgoing.destroy(new Error(`no answer within ${timeoutMs} ms`));
    }, timeoutMs);
    const end = (result: HttpResult): void => {
      clearTimeout(timer);
      resolve(result);
    };
    outgoing.on('socket', (socket) =>
      onConnected(socket, () => {
        isSent = true;
      }),
    );
    const fail = (error: string): void => {
      if (!answer) end({ kind: 'failed', isSent, isTimeout, error });
    };
    outgoing.on('error', (error) => fail(errorText(error)));
    // Node closes a connection that wants to speak another protocol (101) without an error.
    outgoing.on('close', () => fail('the connection was closed without an answer'));
    outgoing.on('response', (response) => {
      answer = response;
      const { statusCode: status = 0, headers: answered } = response;
      readAnswer(response, (text) => end({ kind: 'answered', status, headers: answered, text }));
    });
    outgoing.end(body);
  });

/** Makes the request once. Never follows a redirect, and never rejects. */
export const httpRequest = (client: Client, address: string, options: HttpRequest): Promise<HttpResult> =>
  // An address or a header that Node refuses.
  request(client, address, options).catch((error: unknown) => ({
    kind: 'failed',
    isSent: false,
    isTimeout: false,
    error: errorText(error),
  }));
