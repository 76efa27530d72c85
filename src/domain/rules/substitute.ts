// `${NAME}` stands for a variable of the environment, `{ file: PATH }` for what a file holds.
import { fileErrorCode, whyUnreadable } from '../../lib/file-problem.ts';
import { type Path, type Report, samePath } from './problem.ts';
import { isRecord } from './tree.ts';

export interface SubstituteOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Throws when the file cannot be read. */
  readonly readFile: (path: string) => string;
  /** Whether what is not set is read as something that can stand in its place. */
  readonly placeholders: boolean;
}

export interface Substituted {
  readonly tree: unknown;
  /** The paths (`samePath`) whose value came from elsewhere, and is never shown. */
  readonly paths: ReadonlySet<string>;
  /** The values that came from elsewhere, by what they were written as. */
  readonly secrets: ReadonlyMap<string, string>;
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

const standIns: Readonly<Record<string, string>> = {
  port: '587',
  secure: 'false',
  insecure: 'false',
  region: 'us',
  timezone: 'UTC',
};
const lengthKeys = ['after', 'every', 'repeat', 'hold', 'resolve_after', 'over', 'max_silence'];

/** Something of the right kind, so that a file can be tried where its secrets are not. */
const placeholderFor = (path: Path): string => {
  const key = String(path.findLast((part) => typeof part === 'string') ?? '');
  if (/(^|_)url$/.test(key)) return 'https://placeholder.invalid/';
  return standIns[key] ?? (lengthKeys.includes(key) ? '1m' : 'placeholder');
};

/** In the middle of a text: a number will do in an amount, an address and a name alike. */
const innerPlaceholder = '1';

/** Where a map with the one key `file` means a file, and is nobody's name. */
const canBeFile = ([section, ...rest]: Path): boolean =>
  (section === 'heartbeat' && rest.length >= 1) ||
  ((section === 'destinations' || section === 'status_pages') && rest.length >= 2);

const filePath = (value: unknown, path: Path): string | undefined => {
  if (!isRecord(value) || !canBeFile(path)) return undefined;
  const { file, ...others } = value;
  return typeof file === 'string' && Object.keys(others).length === 0 ? file : undefined;
};

export const substitute = (tree: unknown, options: SubstituteOptions, report: Report): Substituted => {
  const paths = new Set<string>();
  const secrets = new Map<string, string>();

  const take = (path: Path, written: string, value: string): string => {
    paths.add(samePath(path));
    secrets.set(written, value);
    return value;
  };

  const replaceVariables = (text: string, path: Path): string =>
    text.replace(variable, (written, name: string) => {
      const value = options.env[name]?.trim();
      if (value) return take(path, written, value);
      if (!options.placeholders) report(path, `the variable ${name} is not set`);
      return take(path, written, text === written ? placeholderFor(path) : innerPlaceholder);
    });

  const readFile = (file: string, path: Path): string => {
    const written = `{ file: ${file} }`;
    try {
      const value = options.readFile(file).trim();
      if (value !== '') return take(path, written, value);
      report(path, `the file ${file} is empty`);
    } catch (error) {
      if (!options.placeholders)
        report(path, `the file ${file} cannot be read: ${whyUnreadable(fileErrorCode(error))}`);
    }
    return take(path, written, placeholderFor(path));
  };

  const walk = (value: unknown, path: Path): unknown => {
    if (typeof value === 'string') return replaceVariables(value, path);
    if (Array.isArray(value)) return value.map((item, at) => walk(item, [...path, at]));
    const file = filePath(value, path);
    if (file !== undefined) return readFile(replaceVariables(file, path), path);
    if (!isRecord(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, [...path, key])]));
  };

  return { tree: walk(tree, []), paths, secrets };
};
