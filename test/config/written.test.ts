import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { parts, variableNames } from '../../src/config/env.ts';
import { writeConfigurationDoc, writeEnvExample } from '../../src/config/written.ts';

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

it('a file without its marks is not written over', () => {
  expect(() => writeEnvExample('PORT=3000\n', parts)).toThrow('has lost its line');
  expect(() => writeConfigurationDoc('# Configuration\n', parts)).toThrow('has lost its lines');
});

it('no comment of .env.example is wider than 120 columns', async () => {
  for (const line of (await read('.env.example')).split('\n')) expect(line.length, line).toBeLessThanOrEqual(120);
});
