import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { stringify } from 'yaml';
import { rulesJsonSchema } from '../../../src/domain/rules/json-schema.ts';
import { load, problemsOf } from '../../support/rules.ts';

const page = readFileSync(new URL('../../../docs/rules.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

/** Either rules, or problems that each have a place in the file and words. */
const expectAnswer = (text: string): void => {
  const result = load(text, { placeholders: true });
  if ('rules' in result) return;
  expect(result.problems.length).toBeGreaterThan(0);
  const lines = text.split('\n').length;
  for (const { line, column, message } of result.problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(message).not.toMatch(/Invalid input|undefined|\[object/);
  }
};

it('a file that lost or gained some characters is answered with rules or problems, and never thrown at', () => {
  const slip = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    lost: fc.nat({ max: 5 }),
    gained: fc.string({ unit: fc.constantFrom(...`:-{}[]"'!*&#>|@%, \n\tab1`), maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.constantFrom(...blocks), fc.array(slip, { minLength: 1, maxLength: 3 }), (block, slips) => {
      const text = slips.reduce((written, { at, lost, gained }) => {
        const from = Math.floor(at * written.length);
        return written.slice(0, from) + gained + written.slice(from + lost);
      }, block);
      expectAnswer(text);
    }),
    { numRuns: 400 },
  );
});

it('any tree under the names of the file is answered', () => {
  const names = Object.keys(Object(rulesJsonSchema().properties));
  const inner = fc.constantFrom(
    'name',
    'when',
    'send',
    'type',
    'url',
    'uses',
    'given',
    'expect',
    'during',
    'amount',
    'file',
    'is',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('tree'), { maxLength: 3 }),
    map: fc.dictionary(inner, tie('tree'), { maxKeys: 4 }),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), tree), (file) =>
      expectAnswer(stringify({ version: 1, ...file })),
    ),
    { numRuns: 400 },
  );
});

it('only the destinations of the environment can be named, also where its variables are not known', () => {
  const text = 'version: 1\nroutes: [{ name: a, send: [pagerduty, mock] }]';
  for (const placeholders of [true, false])
    expect(problemsOf(text, { placeholders })).toEqual(['2:28 there is no destination "pagerduty"']);
});
