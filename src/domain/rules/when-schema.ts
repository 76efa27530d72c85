// `when` as it is written. Its schema is made from the table of facts.
import * as z from 'zod';
import { kinds, severities } from '../event.ts';
import { describeFact, type FactName, type FactType, factNames } from '../facts.ts';
import { type EventField, parseAmountPattern, parseName, parseWord } from './condition-patterns.ts';
import { parseTextPattern } from './match.ts';
import { oneOrMore, readable, strict, words } from './strict.ts';

const textSchema = oneOrMore(readable(parseTextPattern));
const schemaOf: Readonly<Record<FactType, z.ZodType<string | string[] | boolean>>> = {
  text: textSchema,
  texts: textSchema,
  amount: oneOrMore(
    readable(parseAmountPattern).describe('"> 10000 EUR", ">= 99.50 EUR", "< 5 USD", "<= 5 USD", "100..500 EUR"'),
  ),
  // A command's arguments are text.
  flag: z.union([z.boolean(), words(['true', 'false'])]),
};

const factShape = Object.fromEntries(
  factNames.map((name) => {
    const { type, meaning } = describeFact(name);
    return [name, schemaOf[type].optional().describe(meaning)] as const;
  }),
);

/** For editors, which offer the words. */
const wordSchema = (values: readonly string[]) =>
  readable(parseWord(values)).meta({ anyOf: [{ enum: [...values] }, { pattern: `^!\\s*(${values.join('|')})$` }] });

export const whenSchema = strict('fact', {
  ...factShape,
  source: textSchema.optional().describe('`stripe`, or the name of a status page with `_status` behind it'),
  kind: oneOrMore(wordSchema(kinds)).optional().describe('`incident`, `status` or `payment`'),
  severity: oneOrMore(wordSchema(severities)).optional().describe('`info`, `warning` or `critical`'),
  service: textSchema.optional().describe('`stripe`, the vendor of an incident, or the name of a component'),
  summary: textSchema.optional().describe('the one line of the event'),
  during: oneOrMore(readable(parseName)).optional().describe('names of windows'),
}).meta({ id: 'When', description: 'A conjunction; a list is "one of"; `!x` negates.' });

/** The conditions as they are written. The schema says more: which of them take a list, a flag, a word. */
export type When = {
  readonly [K in FactName | EventField | 'during']?: string | readonly string[] | boolean | undefined;
};
