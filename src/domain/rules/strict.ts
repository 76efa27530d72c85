// Zod schemas whose messages say what was probably meant. No message holds the value that was given: it may be a secret.
import * as z from 'zod';
import { didYouMean, expectedWords } from './nearest.ts';
import type { Parsed } from './parsed.ts';

/** Keys that are told line by line, so that each can be shown at its own place. */
export const strict = <S extends z.core.$ZodLooseShape>(what: string, shape: S) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => `unknown ${what} "${key}"${didYouMean(key, Object.keys(shape))}`).join('\n')
        : undefined,
  });

/** One of a few words. */
export const words = <const W extends readonly [string, ...string[]]>(values: W) =>
  z.enum(values, { error: ({ input }) => expectedWords(input, values) });

/** Text that `parse` can read. The text itself stays: it is read again where it is compiled. */
export const readable = (parse: (text: string) => Parsed<unknown>) =>
  z.string().check((context) => {
    const result = parse(context.value);
    if (!result.ok) context.issues.push({ code: 'custom', message: result.problem, input: context.value });
  });

/** Longer lists come from programs, which can write a pattern. */
const maxItems = 500;

/** One or a list. */
export const oneOrMore = <S extends z.ZodType>(schema: S) =>
  z.union([schema, z.array(schema).min(1, 'the list is empty').max(maxItems)]);

export const listOf = <T>(oneOrMany: T | readonly T[]): readonly T[] => (isList(oneOrMany) ? oneOrMany : [oneOrMany]);
const isList = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
