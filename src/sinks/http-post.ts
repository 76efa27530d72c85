// One attempt to post to a destination, and what its answer means. Shared by every kind that speaks HTTP.
import { type AttemptOutcome, longestWaitMs } from '../domain/delivery.ts';
import type { RequestPreview } from '../domain/request-preview.ts';
import { readRetryAfter } from '../lib/retry-after.ts';
import type { SendRequest, SendResult } from './destination.ts';
import { type Client, type HttpResult, httpRequest } from './http-request.ts';
import { safeText } from './secrets.ts';

export interface Message {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** By which the other end finds the request that caused this one, and goes on with its trace. */
export const threadHeaders = ({ traceHeaders, requestId }: Pick<SendRequest, 'traceHeaders' | 'requestId'>) => ({
  ...traceHeaders,
  'x-request-id': requestId,
});

type Answer = Extract<HttpResult, { kind: 'answered' }>;

export interface Post extends Message {
  readonly timeoutMs: number;
  /** What must not stand in an error text, should the other end send it back. */
  readonly secrets: readonly string[];
  /** The statuses that mean that the message was taken. Any other 2xx says nothing, and is tried again. */
  readonly accepted: readonly number[];
  /**
   * Reads an accepted answer further, for APIs that tell their errors with a 200; undefined when it does not say that the
   * message was taken. By default it is delivered.
   */
  readonly read?: (answer: Answer, describe: (text: string) => string) => SendResult | undefined;
}

const method = 'POST';
const withType = (headers: Message['headers']) => ({ 'content-type': 'application/json', ...headers });

/** What `post` would put on the wire, for a message that was made without secrets. */
export const previewPost = ({ url, headers, body }: Message): RequestPreview => ({
  method,
  url,
  headers: withType(headers),
  body,
});

const refusal = (status: number, isToldWhen: boolean): Exclude<AttemptOutcome, 'delivered'> => {
  // Somebody else answered: a captive portal, a proxy, a gateway that gave up waiting. What became of it is not known.
  if ((status >= 200 && status < 300) || status === 502 || status === 504) return 'unknown';
  if (status >= 400 && status < 500 && status !== 408 && status !== 429) return 'permanent';
  return status === 429 || isToldWhen ? 'throttled' : 'transient';
};

/** The delay that an answer asks for, in milliseconds and 15 minutes at most; null when it asks for none. */
export const delayOf = ({ headers }: Pick<Answer, 'headers'>, nowMs: number): number | null => {
  const asked = readRetryAfter(headers['retry-after'], nowMs);
  return asked === null ? null : Math.min(asked, longestWaitMs);
};

const judge = (answer: Answer, { accepted, read, secrets }: Post): SendResult => {
  const { status: statusCode, text } = answer;
  const describe = (words: string): string => safeText(words, secrets);
  if (accepted.includes(statusCode)) {
    const result: SendResult | undefined = read ? read(answer, describe) : { outcome: 'delivered', statusCode };
    if (result) return result;
  }
  const delayMs = delayOf(answer, Date.now());
  const isOdd = statusCode >= 200 && statusCode < 300;
  const error = isOdd ? `HTTP ${statusCode} does not say that it was accepted: ${text}` : `HTTP ${statusCode} ${text}`;
  return {
    outcome: refusal(statusCode, delayMs !== null),
    statusCode,
    error: describe(error),
    retryAfterMs: delayMs,
  };
};

/** Makes one attempt. Never rejects. */
export const post = async (client: Client, request: Post): Promise<SendResult> => {
  const { url, headers, body, timeoutMs, secrets } = request;
  const result = await httpRequest(client, url, {
    method,
    headers: withType(headers),
    body: JSON.stringify(body),
    timeoutMs,
  });
  if (result.kind === 'answered') return judge(result, request);
  const { isSent, isTimeout, error } = result;
  const text = isTimeout && !isSent ? `no connection within ${timeoutMs} ms` : safeText(error, secrets);
  return { outcome: isSent ? 'unknown' : 'transient', statusCode: null, error: text, retryAfterMs: null };
};
