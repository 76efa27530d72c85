import { expect, it } from 'vitest';
import * as z from 'zod';
import { reportIssues } from '../../../src/domain/rules/issues.ts';

/** What is told of a value, each with its path. */
const told = (schema: z.ZodType, value: unknown): readonly string[] => {
  const lines: string[] = [];
  const { error } = schema.safeParse(value);
  reportIssues(error?.issues ?? [], value, (path, message) => lines.push(`${path.join('.')}: ${message}`));
  return lines;
};

it.each<[string, z.ZodType, unknown, string]>([
  ['a kind that has no plain word', z.object({ at: z.date() }), { at: 'noon' }, 'at: expected date, got text'],
  [
    'one of two kinds',
    z.object({ a: z.union([z.string(), z.date()]) }),
    { a: 1 },
    'a: expected text or date, got a number; put it in quotes',
  ],
  ['one of two kinds that is missing', z.object({ a: z.union([z.string(), z.date()]) }), {}, 'a: "a" is missing'],
  ['nothing at all', z.string(), undefined, ': "" is missing'],
  ['neither of two kinds at all', z.union([z.string(), z.date()]), undefined, ': "" is missing'],
  ['a form', z.object({ a: z.email() }), { a: 'x' }, 'a: Invalid email address'],
])('of %s it is told what was expected', (_what, schema, value, line) => {
  expect(told(schema, value)).toEqual([line]);
});

it('an unknown key is told at its own place, also where the schema says nothing of it', () => {
  expect(told(z.strictObject({}), { a: 1, b: 2 })).toContain('b: unknown key "b"');
});
