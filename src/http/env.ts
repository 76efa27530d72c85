import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'hono';
import type { Session } from './access/sessions.ts';

/** What Hono's context holds: our middleware's variables, and Node's request and answer when there is a server in front. */
export interface HttpEnv {
  Variables: {
    requestId: string;
    address: string;
    /** The session that let the request in, if one did. */
    session?: Session;
    /** The request has no log line of its own, and is counted in another. */
    isCounted?: boolean;
  };
  Bindings: { readonly incoming?: IncomingMessage; readonly outgoing?: ServerResponse };
}

/** A header of the request, as `c.req.header`, which looks at each name and value again. @param name in lower case */
export const headerOf = (c: Context<HttpEnv>, name: string): string | undefined => {
  const headers = c.env?.incoming?.headers;
  if (!headers) return c.req.header(name);
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
};

/**
 * Sets a header of every answer to this request, before there is one; the answer's own header of the same name wins.
 * On a socket it bypasses `Headers`, which cost as much as a stage of the pipeline.
 */
export const setHeader = (c: Context<HttpEnv>, name: string, value: string): void => {
  const outgoing = c.env?.outgoing;
  if (outgoing) outgoing.setHeader(name, value);
  else c.header(name, value);
};
