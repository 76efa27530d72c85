import { readFile } from 'node:fs/promises';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { readConfig, variableNames } from '../src/config/env.ts';

const text = await readFile(new URL('../.env.example', import.meta.url), 'utf8');
const example = parseEnv(text);

it('the example documents every variable, and no other', () => {
  expect(Object.keys(example).toSorted()).toEqual(variableNames.toSorted());
});

it('the example explains each variable in a comment above it', () => {
  const lines = text.split('\n');
  for (const name of variableNames) {
    const at = lines.findIndex((line) => line.startsWith(`${name}=`));
    const before = lines
      .slice(0, at)
      .reverse()
      .find((line) => !/^[A-Z_]+=/.test(line));
    expect(before, name).toMatch(/^# \S/);
  }
});

it('the example is what the service does by default', () => {
  const secret = { STRIPE_WEBHOOK_SECRET: String(example.STRIPE_WEBHOOK_SECRET) };
  // As they are written, which a default is not.
  const { webhooks: _, ...read } = readConfig(example);
  expect(readConfig(secret)).toMatchObject(read);
});
