// Text patterns: compared without case, * for any text, /…/ and /…/i for regular expressions, ! in front for a negation.
// Each is linear in the length of the text, for every pattern.
import { RE2JS } from 're2js';
import { type Parsed, parsed, unreadable } from './parsed.ts';

export interface Pattern<T> {
  readonly isNegated: boolean;
  readonly test: (value: T) => boolean;
}

const maxPatternChars = 1000;
/** A vendor's text is cut before it is matched. */
const maxTextChars = 10_000;

const fold = (text: string): string => text.slice(0, maxTextChars).normalize('NFC').trim().toLowerCase();
const expressionOf = (text: string) => /^\/(.+)\/(\w*)$/s.exec(text);

const parseExpression = (source: string, flags: string): Parsed<(text: string) => boolean> => {
  if (flags !== '' && flags !== 'i') return unreadable(`the only flag of a regular expression is i, not "${flags}"`);
  try {
    const expression = RE2JS.compile(source, flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0);
    return parsed((text) => expression.matcher(text.slice(0, maxTextChars)).find());
  } catch (error) {
    const detail = (error instanceof Error ? error.message : String(error)).replace(/^error parsing regexp: /, '');
    return unreadable(`not a regular expression of RE2, which has neither lookaround nor back-references: ${detail}`);
  }
};

/** The literal pieces between the stars; a backslash takes the next of `* ! / \` as it stands. */
const pieces = (text: string): readonly string[] => {
  const found = [''];
  for (const [token] of text.matchAll(/\\[*!/\\]|[\s\S]/g)) {
    if (token === '*') found.push('');
    else found.push(`${found.pop() ?? ''}${token.length === 2 && token.startsWith('\\') ? token.slice(1) : token}`);
  }
  return found;
};

const parseWildcards = (text: string): ((text: string) => boolean) => {
  const [first = '', ...others] = pieces(text).map((piece) => piece.normalize('NFC').toLowerCase());
  const last = others.pop();
  if (last === undefined) return (value) => fold(value) === first.trim();
  return (value) => {
    const folded = fold(value);
    if (!folded.startsWith(first) || !folded.endsWith(last)) return false;
    let at = first.length;
    for (const piece of others) {
      const found = folded.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at + last.length <= folded.length;
  };
};

const parsePositive = (text: string): Parsed<(text: string) => boolean> => {
  const [, source, flags] = expressionOf(text) ?? [];
  if (source !== undefined && flags !== undefined) return parseExpression(source, flags);
  if (text.startsWith('/'))
    return unreadable(
      String.raw`a regular expression ends with / or /i; a text that begins with a slash is written \/`,
    );
  return parsed(parseWildcards(text));
};

/** Takes the `!` off. */
export const splitNegation = (text: string): { readonly isNegated: boolean; readonly rest: string } => {
  const trimmed = text.trim();
  return trimmed.startsWith('!')
    ? { isNegated: true, rest: trimmed.slice(1).trim() }
    : { isNegated: false, rest: trimmed };
};

export const parseTextPattern = (text: string): Parsed<Pattern<string>> => {
  if (text.length > maxPatternChars) return unreadable(`a pattern has ${maxPatternChars} characters at most`);
  const { isNegated, rest } = splitNegation(text);
  if (rest === '') return unreadable('the pattern is empty');
  if (rest.startsWith('!')) return unreadable('one ! is enough');
  const positive = parsePositive(rest);
  return positive.ok ? parsed({ isNegated, test: positive.value }) : positive;
};

/** Whether a pattern is a plain text, which can be compared with a list of known names. */
export const plainText = (text: string): string | null => {
  const { rest } = splitNegation(text);
  return /[*\\]/.test(rest) || rest.startsWith('/') ? null : rest;
};

/**
 * Whether a list of values satisfies a list of patterns: one value matches one of the patterns, and none matches a negated
 * one. No value at all satisfies negations only.
 */
export const matchesPatterns = <T>(patterns: readonly Pattern<T>[], values: readonly T[]): boolean => {
  const isRuledOut = patterns.some(({ isNegated, test }) => isNegated && values.some(test));
  if (isRuledOut) return false;
  const positives = patterns.filter(({ isNegated }) => !isNegated);
  return positives.length === 0 || positives.some(({ test }) => values.some(test));
};
