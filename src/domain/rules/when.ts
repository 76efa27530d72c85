// What a `when` compiles to: a function over facts and fields of an event, and the time.
import type { UnifiedEvent } from '../event.ts';
import { describeFact, type FactName, type Facts, factNames } from '../facts.ts';
import { eventFields, isEventField, parseAmountPattern, parseName } from './condition-patterns.ts';
import { matchesPatterns, type Pattern, parseTextPattern } from './match.ts';
import { checked, type Parsed } from './parsed.ts';
import type { When } from './when-schema.ts';
import type { Window } from './windows.ts';

/** What rules look at. The severity is the one that stands before the rule in question. */
export interface Subject {
  readonly event: Pick<UnifiedEvent, 'source' | 'kind' | 'service' | 'summary' | 'severity'>;
  readonly facts: Facts;
}

/** Whether a subject matches at this time (ms since 1970); null stands for a time outside every window. */
export type Matcher = (subject: Subject, nowMs: number | null) => boolean;

type Condition = (subject: Subject, nowMs: number | null) => boolean;

const present = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);

const textCondition = (
  patterns: readonly string[],
  parse: (text: string) => Parsed<Pattern<string>>,
  valuesOf: (subject: Subject) => readonly string[],
): Condition => {
  const compiled = patterns.map((pattern) => checked('a condition', parse(pattern)));
  return (subject) => matchesPatterns(compiled, valuesOf(subject));
};

const amountCondition = (patterns: readonly string[]): Condition => {
  const compiled = patterns.map((pattern) => checked('a condition', parseAmountPattern(pattern)));
  return ({ facts: { amount, currency } }) =>
    matchesPatterns(compiled, amount === undefined || currency === undefined ? [] : [[amount, currency] as const]);
};

const duringCondition = (patterns: readonly string[], windows: ReadonlyMap<string, Window>): Condition => {
  const compiled = patterns.map((pattern) => checked('a condition', parseName(pattern)));
  const named = [...windows].filter(([name]) => compiled.some(({ test }) => test(name)));
  return (_, nowMs) => {
    const active = nowMs === null ? [] : named.filter(([, window]) => window.endsAt(nowMs) !== null);
    return matchesPatterns(
      compiled,
      active.map(([name]) => name),
    );
  };
};

/** What is written for a condition on texts; the schema lets no flag be written there. */
export const textsOf = (written: string | readonly string[] | boolean): readonly string[] =>
  [written].flat().filter((each) => typeof each === 'string');

const isFact = (key: string): key is FactName => factNames.some((name) => name === key);

const factValues = (name: FactName, facts: Facts): readonly string[] => {
  const value = facts[name];
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value : [];
};

const factCondition = (name: FactName, written: string | readonly string[] | boolean): Condition => {
  const { type } = describeFact(name);
  if (type === 'amount') return amountCondition(textsOf(written));
  if (type === 'flag') return ({ facts }) => String(facts[name]) === String(written);
  return textCondition(textsOf(written), parseTextPattern, ({ facts }) => factValues(name, facts));
};

const conditionFor = (
  key: string,
  written: string | readonly string[] | boolean,
  windows: ReadonlyMap<string, Window>,
): Condition => {
  if (key === 'during') return duringCondition(textsOf(written), windows);
  if (isEventField(key)) return textCondition(textsOf(written), eventFields[key], ({ event }) => present(event[key]));
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
