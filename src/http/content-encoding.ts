import type { Context } from 'hono';
import { cut } from '../lib/text.ts';
import { headerOf } from './headers.ts';

/** The encoding of a body that did not come as it is, as it may stand in an answer; null for a plain body. */
export const contentEncoding = (c: Context): string | null => {
  const given = headerOf(c, 'content-encoding')?.trim();
  return given === undefined || given === '' || given.toLowerCase() === 'identity' ? null : cut(given, 50);
};
