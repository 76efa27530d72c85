import { randomUUID } from 'node:crypto';
import { headerOf, setHeader } from '../headers.ts';
import type { Preparation } from './around-request.ts';

/** Hono's own allows `=` and no dot, and cannot be told otherwise. */
const sane = /^[A-Za-z0-9._-]{1,128}$/;

/** Takes over the caller's `X-Request-Id`, or makes one, and sends it back on every answer. */
export const requestId: Preparation = (c) => {
  const given = headerOf(c, 'x-request-id');
  const id = given !== undefined && sane.test(given) ? given : randomUUID();
  c.set('requestId', id);
  setHeader(c, 'x-request-id', id);
};
