import { existsSync } from 'node:fs';
import { problemLines } from '../../config/rules-report.ts';
import type { LoadResult } from '../../domain/rules/load.ts';
import type { TestResult } from '../../domain/rules/run-tests.ts';
import { defineCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import type { Io } from '../io.ts';
import { tryRules, withoutService } from '../load-rules.ts';
import { colored, plain, printJson } from '../text.ts';

const defaultFile = 'vendor-signals.yaml';

const testLines = ({ name, failures, outcome }: TestResult, io: Io): string =>
  [
    `${colored(failures.length === 0 ? 'passed' : 'failed', io)}  ${name}`,
    ...failures.map((failure) => `        ${failure}`),
    ...(failures.length === 0 ? [] : [`        decided by: ${outcome.because}`]),
  ]
    .map(plain)
    .join('\n');

const printText = (path: string, result: LoadResult, io: Io): void => {
  const { tests } = result;
  for (const test of tests ?? []) io.print(testLines(test, io));
  // A test that failed is a problem of the file as well, and was told.
  if ('problems' in result && !tests) io.complain(problemLines(path, result.problems).join('\n'));
  if (!tests) return;
  const failed = tests.filter(({ failures }) => failures.length > 0).length;
  io.print(tests.length === 0 ? `${path} has no tests.` : `${tests.length - failed} passed, ${failed} failed`);
};

export const test = defineCommand({
  name: 'test',
  args: '[FILE]',
  count: [0, 1],
  about: [
    'Runs the tests of a rules file (vendor-signals.yaml, if it is absent). A variable that is not set is read as a',
    'placeholder, so that it runs in your CI, without the secrets. A test that fails shows which rule decided.',
  ],
  options: { json: { type: 'boolean', about: 'Print the results as JSON.' } },
  examples: ['test vendor-signals.yaml'],
  async run({ json }, [file], io) {
    const path = file ?? (io.env.CONFIG_FILE?.trim() || defaultFile);
    if (file === undefined && !existsSync(path)) throw new WrongUsage(`FILE is missing, and there is no ${path} here`);
    const result = await tryRules(path, withoutService(io.env));
    const problems = 'problems' in result ? result.problems : [];
    if (json) printJson({ file: path, ok: problems.length === 0, problems, tests: result.tests ?? [] }, io);
    else printText(path, result, io);
    return problems.length === 0 ? 0 : 1;
  },
});
