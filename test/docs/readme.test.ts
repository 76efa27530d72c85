import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ownCommands, serviceCommands } from '../../src/cli/commands.ts';
import { variableNames } from '../../src/config/env.ts';
import { destinationSchema } from '../../src/domain/rules/destination-schema.ts';
import { loadRules } from '../../src/domain/rules/load.ts';
import { loadOptions } from '../support/rules.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

it('the rules file in the README loads, and its test passes', () => {
  const [, block = ''] = /^```yaml\n(.*?)^```$/ms.exec(readme) ?? [];
  const result = loadRules(block, loadOptions({ env: {}, placeholders: true }));
  expect('problems' in result ? result.problems : []).toEqual([]);
  expect('tests' in result && result.tests).toHaveLength(1);
});

it('the README names every subcommand', () => {
  const [, section = ''] = /## The command\n(.*?)\n## /s.exec(readme) ?? [];
  for (const { name } of [...ownCommands, ...serviceCommands]) expect(section).toMatch(new RegExp(`\`${name}[ \`]`));
});

it('the README names no variable that does not exist', () => {
  const rows = [...readme.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, name = '']) => name);
  expect(rows.length).toBeGreaterThan(5);
  expect(rows.filter((name) => !variableNames.includes(name))).toEqual([]);
});

it('the README names every kind of destination', () => {
  const [, table = ''] = /\| destination \| how \|\n(.*?)\n\n/s.exec(readme) ?? [];
  const types = destinationSchema.options.map(({ shape }) => shape.type.value);
  expect(types.length).toBeGreaterThan(5);
  for (const type of types) expect(table).toContain(`\`${type}\``);
});
