// From the text of a rules file to rules, or to everything that is wrong with it. Reads no file and no clock by itself.
import { compileRules } from './compile.ts';
import { checkEnvironment, type EnvironmentPage, type Preset } from './given-twice.ts';
import { reportIssues } from './issues.ts';
import { type Path, type Problem, type Report, samePath } from './problem.ts';
import { checkReferences } from './references.ts';
import type { EnvironmentRouting, Rules } from './rules.ts';
import { type BuiltInSeverity, runTests, type TestResult } from './run-tests.ts';
import { rulesFileSchema } from './schema.ts';
import { showRules } from './show.ts';
import { substitute } from './substitute.ts';
import { readYaml, type YamlFile } from './yaml.ts';

export interface LoadOptions {
  /** As reasons and messages name the file. */
  readonly fileName: string;
  /** For `${NAME}`, and for settings that are given twice. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For `{ file: PATH }`. Throws when there is no such file. */
  readonly readFile: (path: string) => string;
  /** What the environment gives where the file gives nothing. */
  readonly environment: EnvironmentRouting & { readonly pages: readonly EnvironmentPage[] };
  readonly presets: ReadonlyMap<string, Preset>;
  readonly builtInSeverity: BuiltInSeverity;
  /**
   * For `test`, `schema` and `replay`, which run where the service does not: an unset `${NAME}` is read as a placeholder,
   * and a status page may be one that only the service's environment knows. `start` and `check` leave it out.
   */
  readonly placeholders?: boolean;
}

export type LoadResult =
  | { readonly rules: Rules; readonly tests: readonly TestResult[] }
  | {
      readonly problems: readonly Problem[];
      /** Where the file is valid and only its tests fail. */
      readonly tests?: readonly TestResult[];
    };

/** Nobody reads more at once. */
const maxProblems = 200;

const inOrder = (problems: readonly Problem[]): readonly Problem[] => {
  const byPlace = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
  const seen = new Set<string>();
  const different = byPlace.filter((problem) => {
    const key = JSON.stringify(problem);
    return !seen.has(key) && seen.add(key);
  });
  const [last] = different.slice(maxProblems);
  if (last === undefined) return different;
  const message = `and ${different.length - maxProblems} more problems from here on`;
  return [...different.slice(0, maxProblems), { ...last, message }];
};

/** Shorter ones are words such as `true`, which messages need. */
const shortestSecret = 6;

/** A message never holds a value that came from a variable or a file. */
const withoutSecrets = (message: string, secrets: ReadonlyMap<string, string>): string =>
  [...secrets]
    .filter(([, value]) => value.length >= shortestSecret)
    .toSorted(([, a], [, b]) => b.length - a.length)
    .reduce((text, [written, value]) => text.replaceAll(value, () => written), message);

/** Of several problems at one value the first is told: it is the one that the others follow from. */
const createReport = (locate: YamlFile['locate']) => {
  const found = new Map<string, Problem>();
  const report: Report = (path, message, part) => {
    const key = samePath(path);
    if (!found.has(key)) found.set(key, { ...locate(path, part), message });
  };
  const problems = (secrets: ReadonlyMap<string, string>): readonly Problem[] =>
    inOrder([...found.values()].map((problem) => ({ ...problem, message: withoutSecrets(problem.message, secrets) })));
  return { report, problems };
};

const testProblem = ({ name, failures, outcome }: TestResult): string =>
  `the test "${name}" failed: ${failures.join('; ')} (decided by: ${outcome.because})`;

/** Reads, checks and tries a rules file. */
export const loadRules = (text: string, options: LoadOptions): LoadResult => {
  const yaml = readYaml(text);
  if ('problems' in yaml) return { problems: inOrder(yaml.problems) };
  const { tree: written, locate } = yaml.file;
  const { report, problems } = createReport(locate);
  if (written === null || written === undefined)
    return { problems: [{ line: 1, column: 1, message: 'the file is empty; it begins with "version: 1"' }] };

  const isComplete = options.placeholders !== true;
  const { tree, paths, secrets } = substitute(written, { ...options, placeholders: !isComplete }, report);
  const file = rulesFileSchema.safeParse(tree);
  reportIssues(file.error?.issues ?? [], tree, report);
  const { pages, destinations } = options.environment;
  checkReferences(tree, { destinations, pages: pages.map(({ name }) => name), isComplete }, report);
  checkEnvironment(tree, { env: isComplete ? options.env : {}, pages, presets: options.presets, isComplete }, report);
  const found = problems(secrets);
  if (!file.success || found.length > 0) return { problems: found };

  const placeOf = (path: Path): string => `${options.fileName}:${locate(path, 'key').line}`;
  const { fileName, presets, environment, builtInSeverity } = options;
  const shown = showRules(tree, { hidden: paths, placeOf, presets });
  const rules = compileRules(file.data, { fileName, placeOf, presets, environment, shown });
  const tests = runTests(rules, file.data.tests ?? [], builtInSeverity);
  for (const [at, test] of tests.entries()) if (test.failures.length > 0) report(['tests', at], testProblem(test));
  const failed = problems(secrets);
  return failed.length > 0 ? { problems: failed, tests } : { rules, tests };
};
