// Headers by way of Node's own request and answer, where there is a server in front: by way of Fetch's they cost as much as
// a stage of the pipeline.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'hono';

export interface NodeBindings {
  readonly incoming?: IncomingMessage;
  readonly outgoing?: ServerResponse;
}

type AnyContext = Pick<Context<{ Bindings: NodeBindings }>, 'env' | 'req' | 'header'>;

/** A header of the request, as `c.req.header`, which looks at each name and value again. @param name in lower case */
export const headerOf = (c: AnyContext, name: string): string | undefined => {
  const headers = c.env?.incoming?.headers;
  if (!headers) return c.req.header(name);
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** Sets a header of every answer to this request, before there is one; the answer's own header of the same name wins. */
export const setHeader = (c: AnyContext, name: string, value: string): void => {
  const outgoing = c.env?.outgoing;
  if (outgoing) outgoing.setHeader(name, value);
  else c.header(name, value);
};

export const wantsHtml = (c: Pick<Context, 'req'>): boolean => /\btext\/html\b/i.test(c.req.header('accept') ?? '');
