import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { presets } from '../../src/config/presets/presets.ts';
import { loadRules } from '../../src/domain/rules/load.ts';
import { loadOptions } from '../support/rules.ts';

const page = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);

it('docs/rules.md has its blocks', () => {
  expect(blocks.length).toBeGreaterThanOrEqual(8);
});

it.each(blocks.map((text, at) => [at + 1, text] as const))(
  'block %i of docs/rules.md loads, and its tests pass',
  (_, text) => {
    const result = loadRules(text, loadOptions({ env: {}, placeholders: true }));
    expect('problems' in result ? result.problems : []).toEqual([]);
    expect('tests' in result && result.tests?.length).toBeGreaterThan(0);
  },
);

it('a block fails when it expects that nobody is told', () => {
  const telling = blocks.filter((text) => /sent: \[\w/.test(text));
  expect(telling.length).toBeGreaterThanOrEqual(6);
  for (const text of telling) {
    const turned = text.replace(/sent: \[[^\]]+\]/g, 'sent: []');
    expect(loadRules(turned, loadOptions({ env: {}, placeholders: true }))).toHaveProperty('problems');
  }
});

it('the table of presets is the one of the code', () => {
  const rows = [...presets.values()].map(
    ({ name, vendor, url, isVerified, payments }) =>
      `| \`${name}\` | ${vendor} | ${url} | ${isVerified ? 'yes' : 'no'} | ${payments ? 'yes' : 'no'} |`,
  );
  expect(page.split('\n').filter((line) => /^\| `.*https:/.test(line))).toEqual(rows);
});
