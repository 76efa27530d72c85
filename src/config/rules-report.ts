// What is told of a rules file: by `GET /rules`, and on a terminal.
import type { Problem } from '../domain/rules/problem.ts';
import type { Rules } from '../domain/rules/rules.ts';

/** `GET /rules`. Holds no secret. */
export interface RulesReport {
  readonly file: string | null;
  readonly hash: string | null;
  readonly loaded_at: string | null;
  readonly last_load: { readonly ok: boolean; readonly at: string; readonly problems: readonly Problem[] } | null;
  readonly rules: unknown;
}

/** Problems as lines of a terminal: `FILE:LINE:COLUMN: message`. */
export const problemLines = (path: string, problems: readonly Problem[]): readonly string[] =>
  problems.map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);

/** `GET /rules` where there is no file. */
export const reportWithoutFile = (rules: Rules): RulesReport => ({
  file: null,
  hash: null,
  loaded_at: null,
  last_load: null,
  rules: rules.shown,
});
