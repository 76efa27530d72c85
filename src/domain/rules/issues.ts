// What Zod finds, in plain words and at the place where it stands.
import type * as z from 'zod';
import type { Path, Report } from './problem.ts';
import { typeName, valueAt } from './tree.ts';

type Issue = z.core.$ZodIssue;

const kindNames: Readonly<Record<string, string>> = {
  string: 'text',
  array: 'a list',
  record: 'a map',
  object: 'a map',
  boolean: 'true or false',
  number: 'a number',
  int: 'a whole number',
};

const plainPath = (path: readonly PropertyKey[]): Path =>
  path.map((key) => (typeof key === 'symbol' ? String(key) : key));

/** Zod's own message for a type that is wrong says "invalid input"; ours are written in the schema. */
const isOwnMessage = (message: string): boolean => !/^(Invalid|Unrecognized|Too (small|big))/.test(message);

const hint = (value: unknown, expected: string): string => {
  if (expected !== 'string' || value === undefined || value === '') return '';
  if (value === null) return '; a value that begins with # must be in quotes';
  return typeof value === 'number' || typeof value === 'boolean' ? '; put it in quotes' : '';
};

const typeMessage = (expected: string, value: unknown, path: Path): string => {
  const kind = kindNames[expected] ?? expected;
  if (value === undefined) return `"${String(path.at(-1) ?? '')}" is missing`;
  return `expected ${kind}, got ${typeName(value)}${hint(value, expected)}`;
};

const sizeMessage = (issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string => {
  if (issue.code === 'too_small' && issue.origin === 'string') return 'the text is empty';
  const limit = issue.code === 'too_small' ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  const unit: Readonly<Record<string, string>> = { string: ' characters', array: ' items' };
  return `expected ${limit}${unit[issue.origin] ?? ''}`;
};

/** Of the ways in which a value could have been written, the one that it was meant to be: the one that got furthest. */
const likeliest = (branches: readonly (readonly Issue[])[]): readonly Issue[] => {
  const isOtherType = (branch: readonly Issue[]) =>
    branch.some((issue) => issue.path.length === 0 && issue.code === 'invalid_type');
  return branches.find((branch) => !isOtherType(branch)) ?? [];
};

const unionMessage = (branches: readonly (readonly Issue[])[], value: unknown, path: Path): string => {
  const kinds = branches.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []));
  const known = [...new Set(kinds.map((kind) => kindNames[kind] ?? kind))];
  if (value === undefined) return `"${String(path.at(-1) ?? '')}" is missing`;
  return `expected ${known.join(' or ')}, got ${typeName(value)}${hint(value, kinds[0] ?? '')}`;
};

const messageOf = (issue: Issue, value: unknown, path: Path): string => {
  if (issue.code === 'invalid_value' && value === undefined && path.length > 1)
    return `"${String(path.at(-1))}" is missing: ${issue.message}`;
  if (isOwnMessage(issue.message)) return issue.message;
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => message).join(', ');
  if (issue.code === 'invalid_type') return typeMessage(issue.expected, value, path);
  if (issue.code === 'invalid_union') return unionMessage(issue.errors, value, path);
  return issue.code === 'too_small' || issue.code === 'too_big' ? sizeMessage(issue) : issue.message;
};

/** Reports each issue of a value that stands in `tree`. */
export const reportIssues = (issues: readonly Issue[], tree: unknown, report: Report, at: Path = []): void => {
  for (const issue of issues) {
    const path = [...at, ...plainPath(issue.path)];
    const branch = issue.code === 'invalid_union' ? likeliest(issue.errors) : [];
    if (branch.length > 0) reportIssues(branch, tree, report, path);
    else if (issue.code === 'unrecognized_keys') {
      const lines = issue.message.split('\n');
      for (const [index, key] of issue.keys.entries())
        report([...path, key], lines[index] ?? `unknown key "${key}"`, 'key');
    } else report(path, messageOf(issue, valueAt(tree, path), path), issue.code === 'invalid_key' ? 'key' : 'value');
  }
};
