// How a rules file is loaded with what the environment gives.
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type LoadResult, loadRules } from '../domain/rules/load.ts';
import type { EnvironmentRouting } from '../domain/rules/rules.ts';
import type { BuiltInSeverity } from '../domain/rules/run-tests.ts';
import { pageVariables } from './page-variables.ts';
import { presets } from './presets/presets.ts';

export interface RulesLoaderOptions {
  /** Of the rules file. Decisions name the last part of it; a relative `{ file: PATH }` begins in its folder. */
  readonly path: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The routing of the environment. */
  readonly routing: EnvironmentRouting;
  /** The status pages of the environment; those without an address have none set. */
  readonly pages: readonly { readonly name: string; readonly url: string | null }[];
  readonly builtInSeverity: BuiltInSeverity;
  /** See `LoadOptions`: true for `test` and `replay`. */
  readonly placeholders?: boolean;
}

const maxSecretBytes = 65_536;

const variableOf = (name: string): string => pageVariables.get(name) ?? 'STATUS_PAGES';

/** Makes the function that loads the file's text, each time that it has changed. */
export const createRulesLoader = (options: RulesLoaderOptions): ((text: string) => LoadResult) => {
  const { path, env, routing, pages, builtInSeverity, placeholders = false } = options;
  const readFile = (name: string): string => {
    const file = resolve(dirname(path), name);
    if (statSync(file).size > maxSecretBytes) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    return readFileSync(file, 'utf8');
  };
  const environment = {
    ...routing,
    pages: pages.map(({ name, url }) => ({ name, variable: url === null ? null : variableOf(name) })),
  };
  return (text) =>
    loadRules(text, { fileName: basename(path), env, readFile, environment, presets, builtInSeverity, placeholders });
};
