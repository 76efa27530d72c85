// `when`: a conjunction over facts and fields of an event. The schema is made from the table of facts, and so is what it
// compiles to.
import * as z from 'zod';
import { kinds, severities, type UnifiedEvent } from '../event.ts';
import { describeFact, type FactName, type Facts, type FactType, factNames } from '../facts.ts';
import { type AmountTest, parseAmountTest } from './amounts.ts';
import { matchesPatterns, type Pattern, parseTextPattern, splitNegation } from './match.ts';
import { didYouMean } from './nearest.ts';
import { type Parsed, parsed, unreadable } from './parsed.ts';
import { listOf, oneOrMore, readable, strict, words } from './strict.ts';
import type { Window } from './windows.ts';

/** What rules look at. The severity is the one that stands before the rule in question. */
export interface Subject {
  readonly event: Pick<UnifiedEvent, 'source' | 'kind' | 'service' | 'summary' | 'severity'>;
  readonly facts: Facts;
}

/** Whether a subject matches at this time (ms since 1970); null stands for a time outside every window. */
export type Matcher = (subject: Subject, nowMs: number | null) => boolean;

const parseAmountPattern = (text: string): Parsed<Pattern<readonly [number, string]>> => {
  const { isNegated, rest } = splitNegation(text);
  const amount: Parsed<AmountTest> = parseAmountTest(rest);
  if (!amount.ok) return amount;
  return parsed({ isNegated, test: ([minor, currency]) => amount.value(minor, currency) });
};

/** A word of ours, or its negation. */
const parseWord =
  (values: readonly string[]) =>
  (text: string): Parsed<Pattern<string>> => {
    const { isNegated, rest } = splitNegation(text);
    if (values.includes(rest)) return parsed({ isNegated, test: (value) => value === rest });
    return unreadable(`expected ${values.join(', ').replace(/, (?=[^,]*$)/, ' or ')}${didYouMean(rest, values)}`);
  };

/** For editors, which offer the words. */
const wordSchema = (values: readonly string[]) =>
  readable(parseWord(values)).meta({ anyOf: [{ enum: [...values] }, { pattern: `^!\\s*(${values.join('|')})$` }] });

const parseName = (text: string): Parsed<Pattern<string>> => {
  const { isNegated, rest } = splitNegation(text);
  if (rest === '') return unreadable('the name is empty');
  return parsed({ isNegated, test: (value) => value === rest });
};

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

const parseKind = parseWord(kinds);
const parseSeverity = parseWord(severities);

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

type Condition = (subject: Subject, nowMs: number | null) => boolean;

const checked = <T>(result: Parsed<T>): T => {
  if (!result.ok) throw new Error(`a condition was not checked: ${result.problem}`);
  return result.value;
};

const present = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

const textCondition = (
  patterns: readonly string[],
  parse: (text: string) => Parsed<Pattern<string>>,
  valuesOf: (subject: Subject) => readonly string[],
): Condition => {
  const compiled = patterns.map((pattern) => checked(parse(pattern)));
  return (subject) => matchesPatterns(compiled, valuesOf(subject));
};

const amountCondition = (patterns: readonly string[]): Condition => {
  const compiled = patterns.map((pattern) => checked(parseAmountPattern(pattern)));
  return ({ facts: { amount, currency } }) =>
    matchesPatterns(compiled, amount === undefined || currency === undefined ? [] : [[amount, currency] as const]);
};

const duringCondition = (patterns: readonly string[], windows: ReadonlyMap<string, Window>): Condition => {
  const compiled = patterns.map((pattern) => checked(parseName(pattern)));
  const named = [...windows].filter(([name]) => compiled.some(({ test }) => test(name)));
  return (_, nowMs) => {
    const active = nowMs === null ? [] : named.filter(([, window]) => window.endsAt(nowMs) !== null);
    return matchesPatterns(
      compiled,
      active.map(([name]) => name),
    );
  };
};

const texts = (written: string | readonly string[] | boolean): readonly string[] =>
  typeof written === 'boolean' ? [] : listOf(written);

const eventFields = {
  source: parseTextPattern,
  kind: parseKind,
  severity: parseSeverity,
  service: parseTextPattern,
  summary: parseTextPattern,
} as const;
type EventField = keyof typeof eventFields;
const isEventField = (key: string): key is EventField => key in eventFields;
const isFact = (key: string): key is FactName => factNames.some((name) => name === key);

const factValues = (name: FactName, facts: Facts): readonly string[] => {
  const value = facts[name];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
};

const factCondition = (name: FactName, written: string | readonly string[] | boolean): Condition => {
  const { type } = describeFact(name);
  if (type === 'amount') return amountCondition(texts(written));
  if (type === 'flag') return ({ facts }) => String(facts[name]) === String(written);
  return textCondition(texts(written), parseTextPattern, ({ facts }) => factValues(name, facts));
};

const conditionFor = (
  key: string,
  written: string | readonly string[] | boolean,
  windows: ReadonlyMap<string, Window>,
): Condition => {
  if (key === 'during') return duringCondition(texts(written), windows);
  if (isEventField(key)) return textCondition(texts(written), eventFields[key], ({ event }) => present(event[key]));
  if (isFact(key)) return factCondition(key, written);
  throw new Error(`there is no condition "${key}"`);
};

/**
 * Compiles conditions that `whenSchema` has accepted. No condition matches everything. A window that is not among
 * `windows` is never active.
 */
export const compileWhen = (when: When, windows: ReadonlyMap<string, Window>): Matcher => {
  const { during, ...others } = when;
  // Windows cost the most, and are asked last.
  const conditions = Object.entries({ ...others, during }).flatMap(([key, written]) =>
    written === undefined ? [] : [conditionFor(key, written, windows)],
  );
  return (subject, nowMs) => conditions.every((condition) => condition(subject, nowMs));
};
