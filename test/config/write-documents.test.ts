import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { parts, variableNames } from '../../src/config/env.ts';
import { writeConfigurationDoc, writeEnvExample } from '../../src/config/write-documents.ts';
import { loadRules } from '../../src/domain/rules/load.ts';
import { loadOptions } from '../support/rules.ts';

const read = (name: string) => readFile(new URL(`../../${name}`, import.meta.url), 'utf8');

it('.env.example says what the code declares: npm run document-config writes it', async () => {
  const current = await read('.env.example');
  expect(current).toBe(writeEnvExample(current, parts));
});

it('docs/configuration.md says what the code declares: npm run document-config writes it', async () => {
  const current = await read('docs/configuration.md');
  expect(current).toBe(writeConfigurationDoc(current, parts));
  for (const name of variableNames) expect(current).toContain(`| \`${name}\` |`);
});

it('a copied .env.example gives nothing that a rules file may give', async () => {
  const env = parseEnv(await read('.env.example'));
  const file = `
version: 1
heartbeat: { url: https://hc.test/1, every: 60s }
routes: [{ name: critical, when: { severity: critical }, send: [chat] }]
destinations: { chat: { type: mock } }
`;
  expect(loadRules(file, loadOptions({ env }))).not.toHaveProperty('problems');
  expect(loadRules(file, loadOptions({ env: { ...env, HEARTBEAT_INTERVAL_SECONDS: '60' } }))).toHaveProperty(
    'problems',
  );
});

it('a file without its marks is not written over', () => {
  expect(() => writeEnvExample('PORT=3000\n', parts)).toThrow('has lost its line');
  expect(() => writeConfigurationDoc('# Configuration\n', parts)).toThrow('has lost its lines');
});

it('no comment of .env.example is wider than 120 columns', async () => {
  for (const line of (await read('.env.example')).split('\n')) expect(line.length, line).toBeLessThanOrEqual(120);
});
