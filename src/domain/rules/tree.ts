// Walking plain JSON of which nothing is known.
import type { Path } from './problem.ts';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const valueAt = (tree: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, key) => {
    if (Array.isArray(value)) return value[Number(key)];
    return isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }, tree);

/** The keys of the map at the path. */
export const keysAt = (tree: unknown, path: Path): readonly string[] => {
  const value = valueAt(tree, path);
  return isRecord(value) ? Object.keys(value) : [];
};

/** The paths of the items of the list at the path. */
export const itemsAt = (tree: unknown, path: Path): readonly Path[] => {
  const value = valueAt(tree, path);
  return Array.isArray(value) ? value.map((_, at) => [...path, at]) : [];
};

export const textAt = (tree: unknown, path: Path): string | undefined => {
  const value = valueAt(tree, path);
  return typeof value === 'string' ? value : undefined;
};

/** The text at the path, or the texts of the list there, each with its own path. */
export const textsAt = (tree: unknown, path: Path): readonly { readonly path: Path; readonly text: string }[] => {
  const paths = Array.isArray(valueAt(tree, path)) ? itemsAt(tree, path) : [path];
  return paths.flatMap((at) => {
    const text = textAt(tree, at);
    return text === undefined ? [] : [{ path: at, text }];
  });
};

export const typeName = (value: unknown): string => {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    boolean: `the word ${String(value)}`,
    object: 'a map',
  };
  return names[typeof value] ?? typeof value;
};
