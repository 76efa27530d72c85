// Each test writes a small tree that keeps to the real table, breaks it in one way, and expects to be told which.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { checkBoundaries } from '../../scripts/boundaries/check.ts';
import { boundaries } from '../../scripts/boundaries/table.ts';
import { emptyFolder } from '../support/script.ts';

type Tree = Readonly<Record<string, string>>;

const sound: Tree = {
  'app.ts': `import './http/server.ts';\nimport './ingest/registry.ts';\nimport './telemetry/metrics.ts';`,
  'domain/event.ts': `import { cut } from '../lib/text.ts';\nexport const event = cut;`,
  'lib/text.ts': `export const cut = 1;\n// import '../http/server.ts';\nexport const text = "import '../app.ts'";`,
  'pipeline/bus.ts': `import mitt from 'mitt';\nimport type { Store } from '../stores/event-store.ts';`,
  'pipeline/routing.ts': `import { event } from '../domain/event.ts';`,
  'stores/event-store.ts': `export interface Store {}`,
  'stores/open.ts': `import './sqlite/store.ts';`,
  'stores/sqlite/store.ts': `import { DatabaseSync } from 'node:sqlite';\nimport type { Store } from '../event-store.ts';`,
  'ingest/registry.ts': `import './acme/normalize.ts';\nimport './other/normalize.ts';`,
  'ingest/acme/normalize.ts': `import '../polling/fetch.ts';\nimport '../../domain/event.ts';`,
  'ingest/other/normalize.ts': `import { z } from 'zod/v4';`,
  'ingest/other/config.ts': `import '../../config/values.ts';`,
  'ingest/polling/fetch.ts': `import { connect } from 'node:net';`,
  'config/values.ts': '',
  'config/env.ts': `import '../ingest/other/config.ts';`,
  'sinks/record.ts': `import '../stores/event-store.ts';`,
  'http/server.ts': `import '../pipeline/bus.ts';\nimport json from '../../package.json' with { type: 'json' };`,
  'telemetry/metrics.ts': `import 'prom-client';\nimport { trace } from '@opentelemetry/api';`,
};

const check = async (changes: Tree) => {
  const root = await emptyFolder();
  const dependencies = Object.fromEntries(
    ['mitt', 'zod', 'prom-client', '@opentelemetry/api', 'pg', 'stripe'].map((name) => [name, '1.0.0']),
  );
  await mkdir(join(root, 'src'));
  await writeFile(join(root, 'package.json'), JSON.stringify({ dependencies, devDependencies: { msw: '3.0.5' } }));
  for (const [file, text] of Object.entries({ ...sound, ...changes })) {
    await mkdir(dirname(join(root, 'src', file)), { recursive: true });
    await writeFile(join(root, 'src', file), text);
  }
  return checkBoundaries(root, boundaries);
};

it('a tree that keeps to the table has no problem, and every file of it was read', async () => {
  expect(await check({})).toEqual({ files: Object.keys(sound).length, problems: [] });
});

it('a new vendor and a new destination need no line in the table', async () => {
  const { problems } = await check({
    'ingest/registry.ts': `import './acme/normalize.ts';\nimport './new/normalize.ts';`,
    'ingest/new/normalize.ts': `import './schema.ts';\nimport '../polling/fetch.ts';`,
    'ingest/new/schema.ts': `import 'zod';`,
    'sinks/registry.ts': `import './new/sink.ts';`,
    'sinks/new/sink.ts': `import '../record.ts';`,
  });
  expect(problems).toEqual([]);
});

it.each([
  ['an import of a folder that may not be known', 'domain/event.ts', `import '../stores/event-store.ts';`],
  ['an import of nothing but a type', 'lib/text.ts', `import type { event } from '../domain/event.ts';`],
  ['a type that is imported where it is used', 'lib/text.ts', `type E = import('../domain/event.ts').Event;`],
  ['an export from elsewhere', 'pipeline/routing.ts', `export { server } from '../http/server.ts';`],
  ['an export of everything from elsewhere', 'stores/event-store.ts', `export * from '../pipeline/routing.ts';`],
  ['an import at run time', 'sinks/record.ts', `export const load = () => import('../telemetry/metrics.ts');`],
  ['an import over several lines', 'http/server.ts', `import {\n  a,\n  // b\n} from\n  '../telemetry/metrics.ts';`],
  ['a file that a part may not know of a folder that it may', 'sinks/record.ts', `import '../pipeline/routing.ts';`],
  ['one vendor that imports another', 'ingest/other/normalize.ts', `import '../acme/normalize.ts';`],
  ['what vendors share, when it imports one of them', 'ingest/polling/fetch.ts', `import '../acme/normalize.ts';`],
  ['a vendor that is imported past its registry', 'http/server.ts', `import '../ingest/acme/normalize.ts';`],
])('%s is refused', async (_, file, text) => {
  const { problems } = await check({ [file]: text });
  expect(problems[0]).toMatch(new RegExp(`^${file} -> .*(may not import it|may import it)$`));
});

it.each([
  [
    'a package outside its place',
    'pipeline/routing.ts',
    `import pg from 'pg';`,
    'pg: the package belongs to stores/postgres',
  ],
  [
    'a package of a scope',
    'http/server.ts',
    `import '@opentelemetry/api';`,
    '@opentelemetry/api: the package belongs to',
  ],
  ['a part of a package', 'http/server.ts', `import 'stripe/lib';`, 'stripe/lib: the package belongs to ingest/stripe'],
  ['a package of the tests', 'http/server.ts', `import 'msw';`, 'msw: it is not among the dependencies'],
  ['a package that is not there', 'http/server.ts', `import 'nowhere';`, 'nowhere: it is not among the dependencies'],
  [
    'what would hide imports',
    'app.ts',
    `import { createRequire } from 'node:module';`,
    'the package belongs to nobody',
  ],
  ['a file that is not there', 'http/server.ts', `import './missing.ts';`, 'http/missing.ts: there is no such file'],
  ['a folder in place of a file', 'http/server.ts', `import '../pipeline';`, 'pipeline: there is no such file'],
  ['a file outside src', 'app.ts', `import '../test/support.ts';`, '../test/support.ts: it is outside src'],
  ['an import that is computed', 'app.ts', 'export const load = (name: string) => import(name);', 'computed'],
  ['a file that does not parse', 'http/server.ts', `import {`, 'does not parse'],
  ['a folder that the table does not know', 'new/thing.ts', `import '../lib/text.ts';`, 'belongs to no part'],
])('%s is refused', async (_, file, text, reason) => {
  const { problems } = await check({ [file]: text });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(file);
  expect(problems[0]).toContain(reason);
});

it.each([
  ['two files', { 'http/server.ts': `import './a.ts';`, 'http/a.ts': `import './server.ts';` }],
  [
    'types alone',
    {
      'http/server.ts': `import './a.ts';`,
      'http/a.ts': `import './b.ts';`,
      'http/b.ts': `import type {} from './a.ts';`,
    },
  ],
  ['a file that imports itself', { 'http/server.ts': `import './server.ts';` }],
])('a circle of %s is refused', async (_, changes) => {
  const { problems } = await check(changes);
  expect(problems).toEqual([expect.stringMatching(/^http\/\w+\.ts -> .*: a circle$/)]);
});

it('a folder without a module is no success', async () => {
  const root = await emptyFolder();
  await mkdir(join(root, 'src'));
  expect(checkBoundaries(root, boundaries)).toEqual({
    files: 0,
    problems: [expect.stringContaining('no file was read')],
  });
});
