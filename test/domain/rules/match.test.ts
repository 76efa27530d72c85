import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchesPatterns, parseTextPattern, plainText } from '../../../src/domain/rules/match.ts';

const compile = (patterns: readonly string[]) =>
  patterns.map((pattern) => {
    const result = parseTextPattern(pattern);
    if (!result.ok) throw new Error(result.problem);
    return result.value;
  });
const matches = (patterns: string | readonly string[], values: string | readonly string[]): boolean =>
  matchesPatterns(compile([patterns].flat()), [values].flat());

it.each([
  ['Actions', 'actions', true],
  ['ACTIONS', ' Actions ', true],
  ['Action', 'Actions', false],
  ['API*', 'API / REST', true],
  ['*rest*', 'API / REST / v2', true],
  ['API*REST*', 'API / v1 / REST', true],
  ['API*API', 'API', false],
  ['*', '', true],
  ['a*b*c', 'a-b-c', true],
  ['a*b*c', 'acb', false],
  ['São Paulo', 'SÃO PAULO', true],
  [String.raw`5\* review`, '5* review', true],
  [String.raw`5\* review`, '5 stars review', false],
  [String.raw`\/v1/charges`, '/v1/charges', true],
  [String.raw`\!important`, '!important', true],
  [String.raw`C:\temp`, String.raw`c:\temp`, true],
  ['/^API/', 'API Requests', true],
  ['/^api/', 'API Requests', false],
  ['/^api/i', 'API Requests', true],
  ['/US-0[123]/', 'Braze US-03', true],
  ['[a]', 'a', false],
  ['a.c', 'abc', false],
])('%s and "%s": %s', (pattern, value, expected) => {
  expect(matches(pattern, value)).toBe(expected);
  expect(matches(`!${pattern}`, value)).toBe(!expected);
});

it('a list of patterns is one of, without those that are negated', () => {
  expect(matches(['Actions', 'API*'], 'API Requests')).toBe(true);
  expect(matches(['Actions', 'API*'], 'Pages')).toBe(false);
  expect(matches(['API*', '!API Beta'], 'API Requests')).toBe(true);
  expect(matches(['API*', '!API Beta'], 'API Beta')).toBe(false);
  expect(matches(['!Pages', '!Copilot'], 'Actions')).toBe(true);
  expect(matches(['!Pages', '!Copilot'], 'Copilot')).toBe(false);
});

it('a list of values matches if one of them does, and a negation if none does', () => {
  expect(matches('Actions', ['Pages', 'Actions'])).toBe(true);
  expect(matches('!Actions', ['Pages', 'Actions'])).toBe(false);
  expect(matches('!Actions', ['Pages'])).toBe(true);
});

it('no value matches nothing but a negation', () => {
  for (const pattern of ['Actions', '*', '/.*/']) {
    expect(matches(pattern, [])).toBe(false);
    expect(matches(`!${pattern}`, [])).toBe(true);
  }
  expect(matches(['Actions', '!Pages'], [])).toBe(false);
});

it.each([
  ['', 'the pattern is empty'],
  ['!', 'the pattern is empty'],
  ['!!x', 'one ! is enough'],
  ['/api', 'a regular expression ends with / or /i'],
  ['/api/g', 'the only flag of a regular expression is i, not "g"'],
  ['/(?=a)/', 'not a regular expression of RE2'],
  [String.raw`/(a)\1/`, 'not a regular expression of RE2'],
  ['/(?<!a)b/', 'not a regular expression of RE2'],
  ['/a(/', 'not a regular expression of RE2'],
  ['x'.repeat(1001), '1000 characters at most'],
])('"%s" is refused', (pattern, problem) => {
  const result = parseTextPattern(pattern);
  expect(result.ok ? '' : result.problem).toContain(problem);
});

it('a plain text can be compared with known names', () => {
  expect(plainText('braze')).toBe('braze');
  expect(plainText('!braze')).toBe('braze');
  expect(plainText('bra*')).toBeNull();
  expect(plainText('/braze/')).toBeNull();
});

const reference = (pattern: string, value: string): boolean =>
  new RegExp(
    `^${pattern
      .split('*')
      .map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('[^]*')}$`,
    'i',
  ).test(value);

it('a star stands for any text, as in a regular expression', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '.', '('), maxLength: 12 });
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.', '('), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (written, value) => matches(written, value) === reference(written, value)),
    {
      numRuns: 1000,
    },
  );
});

it('any text, escaped, matches itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), (value) => {
      fc.pre(value.trim() !== '');
      expect(matches(value.replace(/[*!/\\]/g, String.raw`\$&`), value)).toBe(true);
    }),
  );
});

it.each(['*a*a*a*a*a*b', '/(a*)*b/', '/(a|aa)+c/', String.raw`/\b[a-z]+\d{50}x/`])(
  '%s is matched against a megabyte in time',
  (pattern) => {
    const before = performance.now();
    expect(matches(pattern, 'a'.repeat(1_000_000))).toBe(false);
    expect(performance.now() - before).toBeLessThan(5000);
  },
);
