// Whether one import is allowed. The table says what, these functions say why not.
import { isBuiltin } from 'node:module';
import { matchesGlob } from 'node:path';

export interface Boundaries {
  /** File or folder → what it may import. */
  readonly parts: Readonly<Record<string, readonly string[]>>;
  readonly vendors: {
    readonly in: readonly string[];
    readonly shared: readonly string[];
    readonly doors: readonly string[];
  };
  /** Package → the files and folders that may import it. */
  readonly packages: Readonly<Record<string, readonly string[]>>;
  /** Files outside src/ that anybody may import. */
  readonly outside: readonly string[];
}

const leaves = ['lib', 'domain'];

const fits = (file: string, name: string): boolean =>
  file === name || file.startsWith(`${name}/`) || matchesGlob(file, name);
const fitsAny = (file: string, names: readonly string[]): boolean => names.some((name) => fits(file, name));

/** The name in the table that decides for this file. */
const partOf = (file: string, { parts }: Boundaries): string | undefined =>
  Object.keys(parts)
    .filter((name) => fits(file, name))
    .sort((a, b) => b.length - a.length)[0];

/** `ingest/stripe` for a file below it, null for a file that is in no vendor's folder. */
const vendorOf = (file: string, { vendors }: Boundaries): string | null => {
  const [first = '', second, ...rest] = file.split('/');
  const folder = `${first}/${second}`;
  return rest.length > 0 && vendors.in.includes(first) && !vendors.shared.includes(folder) ? folder : null;
};

/** Why a file of src/ must not import another, or null. Both are relative to src/. */
export const whyFileRefused = (from: string, to: string, table: Boundaries): string | null => {
  const part = partOf(from, table);
  if (part === undefined) return `${from} belongs to no part of the table`;
  const [folder = from] = from.split('/');
  const always = leaves.includes(folder) ? [folder] : [folder, ...leaves];
  if (!fitsAny(to, [...always, ...(table.parts[part] ?? [])])) return `${part} may not import it`;
  const vendor = vendorOf(to, table);
  if (vendor === null || fits(from, vendor) || fitsAny(from, table.vendors.doors)) return null;
  return `only ${vendor} itself and its registry may import it`;
};

/** `@scope/name` of `@scope/name/part`. */
const packageOf = (specifier: string): string =>
  specifier.startsWith('node:') ? specifier : (/^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);

/** Why a file of src/ must not import a package, or null. */
export const whyPackageRefused = (
  from: string,
  specifier: string,
  dependencies: readonly string[],
  table: Boundaries,
): string | null => {
  const name = packageOf(specifier);
  const places = Object.entries(table.packages).find(([pattern]) => matchesGlob(name, pattern))?.[1];
  if (places && !fitsAny(from, places)) return `the package belongs to ${places.join(', ') || 'nobody'}`;
  return isBuiltin(name) || dependencies.includes(name) ? null : 'it is not among the dependencies in package.json';
};
