import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeFact, factNames, factsSchema } from '../../src/domain/facts.ts';

it('every fact can be absent, and an unknown one is refused', () => {
  expect(factsSchema.parse({})).toEqual({});
  expect(factsSchema.safeParse({ colour: 'red' }).success).toBe(false);
});

it.each([
  [{ amount: 12.5 }],
  [{ livemode: 'true' }],
  [{ components: 'Actions' }],
  [{ item: 'group' }],
  [{ page: '' }],
  [{ built_in_severity: 'error' }],
])('%j is not what the table says', (facts) => {
  expect(factsSchema.safeParse(facts).success).toBe(false);
});

it('docs/facts.md says what the table says', () => {
  const rows = factNames.map((name) => {
    const { type, meaning, from } = describeFact(name);
    return `| \`${name}\` | ${type} | ${meaning} | ${from.join(', ')} |`;
  });
  const page = readFileSync(new URL('../../docs/facts.md', import.meta.url), 'utf8');
  expect(page.split('\n').filter((line) => line.startsWith('| `'))).toEqual(rows);
});
