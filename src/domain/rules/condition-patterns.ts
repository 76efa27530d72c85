// The patterns of conditions that are not plain text: amounts, words of ours, names.
import { kinds, severities } from '../event.ts';
import { type AmountTest, parseAmountTest } from './amounts.ts';
import { type Pattern, parseTextPattern, splitNegation } from './match.ts';
import { expectedWords } from './nearest.ts';
import { type Parsed, parsed, unreadable } from './parsed.ts';

export const parseAmountPattern = (text: string): Parsed<Pattern<readonly [number, string]>> => {
  const { isNegated, rest } = splitNegation(text);
  const amount: Parsed<AmountTest> = parseAmountTest(rest);
  if (!amount.ok) return amount;
  return parsed({ isNegated, test: ([minor, currency]) => amount.value(minor, currency) });
};

/** A word of ours, or its negation. */
export const parseWord =
  (values: readonly string[]) =>
  (text: string): Parsed<Pattern<string>> => {
    const { isNegated, rest } = splitNegation(text);
    if (values.includes(rest)) return parsed({ isNegated, test: (value) => value === rest });
    return unreadable(expectedWords(rest, values));
  };

export const parseName = (text: string): Parsed<Pattern<string>> => {
  const { isNegated, rest } = splitNegation(text);
  if (rest === '') return unreadable('the name is empty');
  return parsed({ isNegated, test: (value) => value === rest });
};

/** How the fields of an event are compared, beside its facts. */
export const eventFields = {
  source: parseTextPattern,
  kind: parseWord(kinds),
  severity: parseWord(severities),
  service: parseTextPattern,
  summary: parseTextPattern,
} as const;

export type EventField = keyof typeof eventFields;
export const isEventField = (key: string): key is EventField => key in eventFields;
