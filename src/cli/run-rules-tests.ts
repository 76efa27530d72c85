// Runs the tests of a rules file without its service.
import { existsSync } from 'node:fs';
import { defaultRulesFile } from '../config/rules-file.ts';
import { problemLines } from '../config/rules-report.ts';
import type { LoadResult } from '../domain/rules/load.ts';
import type { TestResult } from '../domain/rules/run-tests.ts';
import { WrongUsage } from './failures.ts';
import type { ExitCode, Io } from './io.ts';
import { tryRules, withoutService } from './load-rules.ts';
import { colored, plain, printJson } from './text.ts';

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

/** @param file undefined for the usual one */
export const runRulesTests = async (file: string | undefined, json: boolean, io: Io): Promise<ExitCode> => {
  const path = file ?? (io.env.CONFIG_FILE?.trim() || defaultRulesFile);
  if (file === undefined && !existsSync(path)) throw new WrongUsage(`FILE is missing, and there is no ${path} here`);
  const result = await tryRules(path, withoutService(io.env));
  const problems = 'problems' in result ? result.problems : [];
  if (json) printJson({ file: path, ok: problems.length === 0, problems, tests: result.tests ?? [] }, io);
  else printText(path, result, io);
  return problems.length === 0 ? 0 : 1;
};
