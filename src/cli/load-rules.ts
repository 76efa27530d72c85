// A rules file as the command line reads it: whole, or with every problem at its place.
import { findDefaultRulesFile } from '../config/rules-file.ts';
import { createRulesLoader, type RulesLoaderOptions } from '../config/rules-loader.ts';
import { problemLines } from '../config/rules-report.ts';
import type { LoadResult } from '../domain/rules/load.ts';
import type { Rules } from '../domain/rules/rules.ts';
import { builtInSeverity } from '../ingest/built-in-severity.ts';
import { CommandFailed } from './failures.ts';
import type { Io } from './io.ts';
import { readText } from './read-text.ts';

type Environment = Pick<RulesLoaderOptions, 'env' | 'routing' | 'pages' | 'placeholders'>;

/** How the environment's destination is called: PagerDuty, or the mock in its place (sinks/registry.ts). */
export const environmentDestinations: readonly string[] = ['pagerduty'];

/** Without a service around it: an unset `${NAME}` is a placeholder, and any status page may be meant. */
export const withoutService = (env: Environment['env'], routeWarning = false): Environment => ({
  env,
  routing: { routeWarning, destinations: environmentDestinations },
  pages: [],
  placeholders: true,
});

/** The rules file of the environment, for where its configuration is not read. */
export const findRulesFile = ({ env }: Pick<Io, 'env'>): string | null =>
  env.CONFIG_FILE?.trim() || findDefaultRulesFile();

/** @throws {CommandFailed} when the file cannot be read */
export const tryRules = async (path: string, environment: Environment): Promise<LoadResult> =>
  createRulesLoader({ path, builtInSeverity, ...environment })(await readText(path));

/** @throws {CommandFailed} with all problems, one a line */
export const loadRulesFile = async (path: string, environment: Environment): Promise<Rules> => {
  const result = await tryRules(path, environment);
  if ('problems' in result) throw new CommandFailed(problemLines(path, result.problems).join('\n'));
  return result.rules;
};
