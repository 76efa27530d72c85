// Errors as RFC 9457 problem details: what is wrong, for which request, and never a stack or a secret.
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as z from 'zod';
import { errorText, StoreUnavailable } from '../lib/errors.ts';
import type { Log } from '../lib/log.ts';
import type { HttpEnv } from './env.ts';

const fieldErrors = z.array(z.strictObject({ path: z.string(), message: z.string() })).readonly();
const reasonsByPage = z.record(z.string(), z.string());

export const problemSchema = z
  .strictObject({
    type: z.literal('about:blank'),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string(),
    request_id: z.string(),
    errors: z
      .union([fieldErrors, reasonsByPage])
      .optional()
      .meta({ description: 'The fields of a failed validation, or the reasons of a failed pull, by status page.' }),
  })
  .meta({ id: 'Problem', description: 'An error, as RFC 9457 has it.' });
type ProblemBody = z.infer<typeof problemSchema>;

export interface ProblemFields {
  readonly status: ContentfulStatusCode;
  readonly detail: string;
  readonly errors?: ProblemBody['errors'];
  readonly headers?: Readonly<Record<string, string>>;
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** Thrown by code that reads a request, and rendered once, by `renderError`. */
export class Problem extends Error {
  readonly fields: ProblemFields;
  constructor(fields: ProblemFields) {
    super(fields.detail);
    this.name = 'Problem';
    this.fields = fields;
  }
}

export const problemType = 'application/problem+json';

/** The body of a problem, as RFC 9457 has it. */
export const problemBody = (
  { status, detail, errors }: Pick<ProblemFields, 'detail' | 'errors'> & { readonly status: number },
  requestId: string,
): string => {
  const body: ProblemBody = {
    type: 'about:blank',
    title: titles[status] ?? 'Error',
    status,
    detail,
    request_id: requestId,
    ...(errors && { errors }),
  };
  return JSON.stringify(body);
};

export const problem = (c: Context<HttpEnv>, { headers, ...fields }: ProblemFields): Response =>
  c.body(problemBody(fields, c.get('requestId')), fields.status, { ...headers, 'content-type': problemType });

export const storeUnavailable = ({ retryAfterSeconds, message }: StoreUnavailable): ProblemFields => ({
  status: 503,
  detail: `the event store cannot do this now: ${message}`,
  headers: { 'retry-after': String(retryAfterSeconds) },
});

export const unauthorized = (detail: string): Problem =>
  new Problem({ status: 401, detail, headers: { 'www-authenticate': 'Bearer' } });

/** @param waitMs how long this address has to wait before its next try; 0 when it need not */
export const wrongToken = (waitMs: number, detail: string): Problem => {
  if (waitMs <= 0) return unauthorized(detail);
  const seconds = Math.ceil(waitMs / 1000);
  return new Problem({
    status: 429,
    detail: `too many wrong tokens: try again in ${seconds} s`,
    headers: { 'retry-after': String(seconds) },
  });
};

/** The client went away in the middle of its request: nobody reads the answer, and it is no error of ours. */
const isCutOff = (error: Error): boolean => 'code' in error && error.code === 'ECONNRESET';

/** The answer to an error of a handler. */
export const renderError =
  (log: Log) =>
  (error: Error, c: Context<HttpEnv>): Response => {
    if (error instanceof Problem) return problem(c, error.fields);
    if (error instanceof StoreUnavailable) return problem(c, storeUnavailable(error));
    if (error instanceof HTTPException) return problem(c, { status: error.status, detail: error.message });
    if (isCutOff(error)) return problem(c, { status: 400, detail: 'the request was cut off' });
    log.error({ request_id: c.get('requestId'), error: errorText(error), stack: error.stack }, 'request.broken');
    return problem(c, { status: 500, detail: 'something broke on our side; the log has it under this request_id' });
  };
