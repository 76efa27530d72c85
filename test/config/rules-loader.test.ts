import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRulesLoader } from '../../src/config/rules-loader.ts';
import { builtInSeverity } from '../../src/ingest/built-in-severity.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rules-'));
  await writeFile(join(folder, 'key'), 'abc-123-key\n');
  await writeFile(join(folder, 'large'), 'x'.repeat(70_000));
});
afterAll(() => rm(folder, { recursive: true }));

const load = (text: string, placeholders = false) =>
  createRulesLoader({
    path: join(folder, 'rules.yaml'),
    env: {},
    routing: { routeWarning: false, destinations: ['mock'] },
    pages: [
      { name: 'spreedly', url: 'https://status.spreedly.com' },
      { name: 'braze', url: null },
      { name: 'acme', url: 'https://status.acme.example' },
    ],
    builtInSeverity,
    placeholders,
  })(text);

const problems = (text: string, placeholders = false): readonly string[] => {
  const result = load(text, placeholders);
  return 'rules' in result ? [] : result.problems.map(({ message }) => message);
};

it("a secret is read from a file beside the rules, and a rule's place has the file's name alone", () => {
  const result = load(`version: 1
destinations: { a: { type: pagerduty, routing_key: { file: key } } }
routes: [{ name: r, when: { page: acme }, send: [a] }]
`);
  expect('rules' in result && result.rules.destinations?.get('a')).toMatchObject({ routing_key: 'abc-123-key' });
  expect('rules' in result && result.rules.routes[0]?.place).toBe('rules.yaml:3');
});

it('a secret that cannot be read says why', () => {
  const file = (name: string) => `version: 1\ndestinations: { a: { type: teams, url: { file: ${name} } } }`;
  expect(problems(file('missing'))).toEqual(['the file missing cannot be read: there is no such file']);
  expect(problems(file('large'))).toEqual(['the file large cannot be read: it is too large']);
  expect(problems(file('missing'), true)).toEqual([]);
});

it('an address that a variable gives too names the variable', () => {
  const text = 'version: 1\nstatus_pages: { spreedly: preset, braze: preset, acme: https://acme.example }';
  const twice = (variable: string, page: string) =>
    `given twice: by the variable ${variable}, and here by status_pages.${page}; take one of them out`;
  expect(problems(text)).toEqual([twice('SPREEDLY_STATUS_SUMMARY_URL', 'spreedly'), twice('STATUS_PAGES', 'acme')]);
});
