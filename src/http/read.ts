// Reads a request's body or query by a schema of our own. What does not fit is answered 400, field by field.
import type { Context } from 'hono';
import type * as z from 'zod';
import type { FieldError } from '../errors.ts';
import { Problem } from './problem.ts';

const fieldErrors = (error: z.ZodError): readonly FieldError[] =>
  error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));

/** @throws {Problem} 400 */
export const readJson = async <T>(c: Context, schema: z.ZodType<T>, expected: string): Promise<T> => {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await c.req.arrayBuffer()));
  } catch (error) {
    const detail = error instanceof SyntaxError ? 'the body is not JSON' : 'the body is not valid UTF-8';
    throw new Problem({ status: 400, detail });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new Problem({ status: 400, detail: `the body is not ${expected}`, errors: fieldErrors(result.error) });
};

/** Each parameter at most once, and none that the schema does not know. @throws {Problem} 400 */
export const readQuery = <T>(c: Context, schema: z.ZodType<T>): T => {
  const queries = c.req.queries();
  const repeated = Object.entries(queries).filter(([, values]) => values.length > 1);
  if (repeated.length > 0) {
    const errors = repeated.map(([path, values]) => ({ path, message: `given ${values.length} times` }));
    throw new Problem({ status: 400, detail: 'a parameter is given more than once', errors });
  }
  const result = schema.safeParse(Object.fromEntries(Object.entries(queries).map(([key, [value]]) => [key, value])));
  if (result.success) return result.data;
  throw new Problem({ status: 400, detail: 'a parameter is not usable', errors: fieldErrors(result.error) });
};
