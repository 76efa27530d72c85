// What a routes file describes its routes with: OpenAPI's own words, and in them the very schemas that validate. What
// any guarded route or any body may be answered is added once, in openapi.ts.
import * as z from 'zod';
import type { ZodOpenApiPathsObject, ZodOpenApiRequestBodyObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { problemSchema, problemType } from './problem.ts';

/** The operations of one routes file, by path and method. */
export type Paths = ZodOpenApiPathsObject;

const requestIdHeader = z.string().meta({
  description: "The caller's own, if it sent a sane one, else a new one; the log has it on every line of the request.",
  header: { id: 'X-Request-Id' },
});
const retryAfterHeader = z.string().meta({ description: 'Seconds to wait.', header: { id: 'Retry-After' } });
const challengeHeader = z.string().meta({ header: { id: 'WWW-Authenticate' } });
const locationHeader = z.string().meta({ description: 'A path of this service.', header: { id: 'Location' } });

type Headers = Readonly<Record<string, z.ZodType>>;

/** An answer without a body. */
const empty = (description: string, headers: Headers = {}): ZodOpenApiResponseObject => ({
  description,
  headers: z.object({ 'X-Request-Id': requestIdHeader, ...headers }),
});

export const unchanged = empty('It is still what `If-None-Match` names.');

/** An answer that leads a browser elsewhere. */
export const redirect = (description: string, headers: Headers = {}): ZodOpenApiResponseObject =>
  empty(description, { Location: locationHeader, ...headers });

const contentOf = (types: readonly string[], schema: z.ZodType) =>
  Object.fromEntries(types.map((type) => [type, { schema }]));

const answer = (description: string, types: readonly string[], schema: z.ZodType, headers?: Headers) => ({
  ...empty(description, headers),
  content: contentOf(types, schema),
});

/** An answer in JSON. Its schema is strict: a field that is not described is not sent. */
export const json = (description: string, schema: z.ZodType): ZodOpenApiResponseObject =>
  answer(description, ['application/json'], schema);

/** An answer in text of some kind: a page, a script. A type with parameters is answered with exactly these. */
export const text = (description: string, ...types: readonly string[]): ZodOpenApiResponseObject =>
  answer(description, types, z.string());

/** A body in JSON, as `readJson` takes it. */
export const jsonBody = (schema: z.ZodType, example?: unknown): ZodOpenApiRequestBodyObject => ({
  required: true,
  content: { 'application/json': { schema, ...(example !== undefined && { example }) } },
});

/** A form, as `readForm` takes it. */
export const formBody = (schema: z.ZodType): ZodOpenApiRequestBodyObject => ({
  required: true,
  content: contentOf(['application/x-www-form-urlencoded', 'multipart/form-data'], schema),
});

const problem = (id: string, description: string, headers?: Headers) => ({
  id,
  ...answer(description, [problemType], problemSchema, headers),
});

const described = {
  400: problem('BadRequest', 'The request is not valid; `errors` names each field.'),
  401: problem('Unauthorized', 'The token is wrong, or there is neither a token nor a session.', {
    'WWW-Authenticate': challengeHeader,
  }),
  403: problem('Forbidden', 'A browser asks for a change from another site, or by a name that is not ours.'),
  404: problem('NotFound', 'There is no such thing.'),
  409: problem('Conflict', 'It cannot be done now; `detail` says why.'),
  413: problem('ContentTooLarge', 'The body is over the limit.'),
  429: problem('TooManyRequests', 'Too many requests of this address were refused.', {
    'Retry-After': retryAfterHeader,
  }),
  500: problem('InternalServerError', 'Something broke on our side; the log has it under `request_id`.'),
  502: problem('BadGateway', 'No status page could be read; `errors` names the reason for each.'),
  503: problem(
    'ServiceUnavailable',
    'The event store or this process cannot do this now. Try again after `Retry-After` seconds.',
    {
      'Retry-After': retryAfterHeader,
    },
  ),
};

/** The problems that a route may answer, in the same words everywhere. */
export const problems = (...statuses: readonly (keyof typeof described)[]): Record<string, ZodOpenApiResponseObject> =>
  Object.fromEntries(statuses.map((status) => [String(status), described[status]]));

/** The problems that a browser gets as a page, and others as what they are. */
export const problemsAsPages = (
  ...statuses: readonly (keyof typeof described)[]
): Record<string, ZodOpenApiResponseObject> =>
  Object.fromEntries(
    statuses.map((status) => {
      const { id: _shared, content, ...rest } = described[status];
      return [String(status), { ...rest, content: { ...content, ...contentOf(['text/html'], z.string()) } }];
    }),
  );
