// One attempt to post JSON to a destination, classified. Shared by every sink that speaks HTTP.

import type { AttemptOutcome } from '../domain/delivery.ts';
import type { RequestPreview } from '../domain/request-preview.ts';
import { readText } from '../lib/body.ts';
import { errorText } from '../lib/errors.ts';
import { cut, oneLine, publicUrl } from '../lib/text.ts';
import { retryAfterMs } from './backoff.ts';
import type { SendResult } from './destination.ts';

export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Post extends Message {
  readonly timeoutMs: number;
  /** Whatever must not stand in an error text, should the other end send it back. */
  readonly secrets: readonly string[];
}

const method = 'POST';
const withType = (headers: Message['headers']) => ({ 'content-type': 'application/json', ...headers });

/** What `post` would put on the wire, for a message that was made without secrets. */
export const previewPost = ({ url, headers, body }: Message): RequestPreview => ({
  method,
  url: publicUrl(url),
  headers: withType(headers),
  body,
});

const maxAnswerBytes = 16_384;
const maxErrorChars = 500;

/** Failures that come before the first byte of the request is on its way. */
const beforeSending = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'EPROTO',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_SSL_WRONG_VERSION_NUMBER',
]);

const isOfConnecting = (cause: unknown): boolean =>
  cause instanceof Error &&
  'code' in cause &&
  typeof cause.code === 'string' &&
  (beforeSending.has(cause.code) || /^ERR_TLS|CERT|HANDSHAKE_FAILURE/.test(cause.code));

const isBeforeSending = (error: unknown): boolean => {
  const cause = error instanceof Error ? error.cause : undefined;
  // One error for each address of the host.
  return cause instanceof AggregateError ? cause.errors.every(isOfConnecting) : isOfConnecting(cause);
};

const classify = (status: number, isToldWhen: boolean): Exclude<AttemptOutcome, 'delivered'> => {
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return 'permanent';
  // A gateway that gave up waiting does not know what became of the request either.
  if (status === 502 || status === 504) return 'unknown';
  return status === 429 || isToldWhen ? 'throttled' : 'transient';
};

export const post = async ({ url, headers, body, timeoutMs, secrets }: Post): Promise<SendResult> => {
  const redact = (text: string): string =>
    secrets.reduce(
      (safe, secret) => safe.replaceAll(secret, '[redacted]'),
      text.replaceAll(url, publicUrl(url) ?? '[redacted]'),
    );
  const describe = (text: string): string => cut(oneLine(redact(text)).trim(), maxErrorChars);

  const abort = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      headers: withType(headers),
      body: JSON.stringify(body),
      // Following a redirect would hand the key to whoever it names.
      redirect: 'manual',
      signal: abort,
    });
    const { status } = response;
    // Read to its end also where nothing is made of it, so that the connection serves the next delivery. Whatever goes
    // wrong with the body, the status has been given.
    const answer = await readText(response, maxAnswerBytes).catch(() => '');
    if (response.ok) return { outcome: 'delivered', statusCode: status };
    const error = describe(`HTTP ${status} ${answer}`);
    const delayMs = retryAfterMs(response.headers.get('retry-after'), Date.now());
    return { outcome: classify(status, delayMs !== null), statusCode: status, error, retryAfterMs: delayMs };
  } catch (error) {
    const noAnswer = { statusCode: null, retryAfterMs: null };
    if (abort.aborted) return { ...noAnswer, outcome: 'unknown', error: `no answer within ${timeoutMs} ms` };
    const outcome = isBeforeSending(error) ? 'transient' : 'unknown';
    return { ...noAnswer, outcome, error: describe(errorText(error)) };
  }
};
