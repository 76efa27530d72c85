// Reads a request's body or query by a schema of our own. What does not fit is answered 400, field by field.
import type { Context } from 'hono';
import type * as z from 'zod';
import { didYouMean } from '../domain/rules/nearest.ts';
import { type FieldError, fieldErrors } from '../lib/errors.ts';
import { JsonRefused, parseJson } from '../lib/json.ts';
import { contentEncoding } from './content-encoding.ts';
import { Problem } from './problem.ts';

const whyUnreadable = (error: unknown, encoding: string | null): string => {
  if (encoding !== null) return `the body came with Content-Encoding: ${encoding}: send it plain`;
  if (error instanceof SyntaxError) return 'the body is not JSON';
  if (error instanceof JsonRefused) return `the body cannot be read: ${error.message}`;
  return 'the body is not valid UTF-8';
};

const parseBody = (body: ArrayBuffer, encoding: string | null): unknown => {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw new Problem({ status: 400, detail: whyUnreadable(error, encoding) });
  }
};

const parseBy = <T>(json: unknown, schema: z.ZodType<T>, expected: string): T => {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new Problem({ status: 400, detail: `the body is not ${expected}`, errors: fieldErrors(result.error) });
};

/** @throws {Problem} 400 */
export const readJson = async <T>(c: Context, schema: z.ZodType<T>, expected: string): Promise<T> =>
  parseBy(parseBody(await c.req.arrayBuffer(), contentEncoding(c)), schema, expected);

/** As `readJson`, but no body at all stands for an empty object. @throws {Problem} 400 */
export const readOptionalJson = async <T>(c: Context, schema: z.ZodType<T>, expected: string): Promise<T> => {
  const body = await c.req.arrayBuffer();
  return parseBy(body.byteLength === 0 ? {} : parseBody(body, contentEncoding(c)), schema, expected);
};

/** A form, as a browser sends it. @throws {Problem} 400 */
export const readForm = async <T>(c: Context, schema: z.ZodType<T>, expected: string): Promise<T> => {
  const form = await c.req.parseBody().catch(() => {
    throw new Problem({ status: 400, detail: 'the body is not a form' });
  });
  return parseBy(form, schema, expected);
};

const invalidParameters = 'a parameter is invalid';

/** A parameter of which the value, or its place beside others, is wrong. */
export const invalidParameter = (error: FieldError): Problem =>
  new Problem({ status: 400, detail: invalidParameters, errors: [error] });

/** What is wrong with each parameter; of a name that is unknown, what it was probably meant to be. */
const parameterErrors = (error: z.ZodError, known: readonly string[]): readonly FieldError[] =>
  fieldErrors(error).map(({ path, message }) => ({
    path,
    message: known.includes(path) ? message : `there is no such parameter${didYouMean(path, known)}`,
  }));

/** Each parameter at most once, and none that the schema does not know. @throws {Problem} 400 */
export const readQuery = <S extends z.ZodObject>(c: Context, schema: S): z.output<S> => {
  const queries = c.req.queries();
  const repeated = Object.entries(queries).filter(([, values]) => values.length > 1);
  if (repeated.length > 0) {
    const errors = repeated.map(([path, values]) => ({ path, message: `given ${values.length} times` }));
    throw new Problem({ status: 400, detail: 'a parameter is given more than once', errors });
  }
  const result = schema.safeParse(Object.fromEntries(Object.entries(queries).map(([key, [value]]) => [key, value])));
  if (result.success) return result.data;
  const errors = parameterErrors(result.error, Object.keys(schema.shape));
  throw new Problem({ status: 400, detail: invalidParameters, errors });
};
