// One attempt at a rules file: reading it, and loading what was read.
import { hash } from 'node:crypto';
import type { LoadResult } from '../domain/rules/load.ts';
import type { Problem } from '../domain/rules/problem.ts';
import type { Rules } from '../domain/rules/rules.ts';
import { fileErrorCode, whyUnreadable } from '../lib/file-problem.ts';

export interface RulesText {
  /** Null: the file could not be read. */
  readonly text: string | null;
  /** SHA-256 in hex, or why there is none. Equal for equal texts. */
  readonly hash: string;
}

export type Attempt =
  | { readonly ok: true; readonly text: string; readonly hash: string; readonly rules: Rules }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the file. Never rejects. */
export const readRulesText = async (readText: () => Promise<string>): Promise<RulesText> => {
  try {
    const text = await readText();
    return { text, hash: hash('sha256', text) };
  } catch (error) {
    return { text: null, hash: fileErrorCode(error) };
  }
};

/** Never throws: a text that could not be read is a problem at the first line. */
export const loadRulesText = ({ text, hash }: RulesText, load: (text: string) => LoadResult): Attempt => {
  if (text === null)
    return {
      ok: false,
      problems: [{ line: 1, column: 1, message: `the file cannot be read: ${whyUnreadable(hash)}` }],
    };
  const result = load(text);
  return 'rules' in result ? { ok: true, text, hash, rules: result.rules } : { ok: false, problems: result.problems };
};
