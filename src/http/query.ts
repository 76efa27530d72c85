// The parameters that every listing takes.
import * as z from 'zod';
import { readIso } from '../lib/time.ts';

const limitRange = 'expected a number from 1 to 1000';
/** A number in the API's description, digits in the query. */
export const limit = z.preprocess(
  (text) => (typeof text === 'string' && /^\d+$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : text),
  z.int('expected a whole number').min(1, limitRange).max(1000, limitRange).default(50),
);

export const moment = z.string().transform((text, context) => {
  // In a query, a "+" that was not encoded has become a space.
  const at = readIso(text.replace(' ', '+')) ?? readIso(text);
  if (at !== null) return at;
  context.addIssue({ code: 'custom', message: 'expected an ISO-8601 time such as 2026-01-31T12:00:00Z' });
  return z.NEVER;
});

const bound = (words: string, what: string) => ({ description: `A time in ISO-8601; ${words}, by ${what}.` });
/** The bounds of a listing, by the field that it names. */
export const since = (what: string) => moment.optional().meta(bound('inclusive', what));
export const until = (what: string) => moment.optional().meta(bound('exclusive', what));

export const nextCursor = (what: string) =>
  z
    .string()
    .nullable()
    .meta({ description: `Pass it as \`cursor\` to get the ${what} after these; null at the end.` });

/** A place in a listing as an opaque text. */
export const toCursor = (place: readonly (string | number)[]): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

const decode = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
};

/** The place that `toCursor` has made a text of, as the schema makes it of the list. */
export const cursorTo = <T>(place: z.ZodType<T>) =>
  z.string().transform((text, context) => {
    const result = place.safeParse(decode(text));
    if (result.success) return result.data;
    context.addIssue({ code: 'custom', message: 'expected a next_cursor of an earlier answer' });
    return z.NEVER;
  });

/** A position in a listing of events or alerts. */
export const positionCursor = cursorTo(z.tuple([z.int().nonnegative()]).transform(([sequence]) => ({ sequence })))
  .optional()
  .meta({ description: 'The `next_cursor` of the answer before.' });
