// Reads every import in src/ and holds it against the table.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { findCycles } from './find-cycles.ts';
import { readImports } from './read-imports.ts';
import { type Boundaries, whyFileRefused, whyPackageRefused } from './rules.ts';

export interface Report {
  readonly files: number;
  /** One line each, which begins with the importing file. */
  readonly problems: readonly string[];
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

const modulesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .sort();

const dependenciesOf = (root: string): readonly string[] => {
  const content: { dependencies?: object } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return Object.keys(content.dependencies ?? {});
};

/** @param root the folder that holds src/ and package.json */
export const checkBoundaries = (root: string, table: Boundaries): Report => {
  const src = join(root, 'src');
  const files = modulesIn(src);
  if (files.length === 0) return { files: 0, problems: ['no file was read: is this the right folder?'] };
  const dependencies = dependenciesOf(root);
  const problems: string[] = [];

  const checkFile = (from: string, to: string): void => {
    const arrow = `${from} -> ${to}`;
    const reason = whyFileRefused(from, to, table);
    if (!isFile(join(src, to))) problems.push(`${arrow}: there is no such file`);
    else if (reason !== null) problems.push(`${arrow}: ${reason}`);
  };
  const checkOutside = (from: string, to: string): void => {
    if (!table.outside.includes(to.slice('../'.length))) problems.push(`${from} -> ${to}: it is outside src`);
  };
  /** The files of src/ that this one imports, each checked. */
  const targetsOf = (from: string): readonly string[] => {
    const imports = readImports(from, readFileSync(join(src, from), 'utf8'));
    problems.push(...imports.problems.map((problem) => `${from}: ${problem}`));
    const targets: string[] = [];
    for (const specifier of new Set(imports.specifiers)) {
      if (/^\.{0,2}\//.test(specifier)) {
        const to = posix.normalize(posix.join(dirname(from), specifier));
        if (to.startsWith('../')) checkOutside(from, to);
        else {
          checkFile(from, to);
          targets.push(to);
        }
      } else {
        const reason = whyPackageRefused(from, specifier, dependencies, table);
        if (reason !== null) problems.push(`${from} -> ${specifier}: ${reason}`);
      }
    }
    return targets;
  };

  const graph = new Map(files.map((from) => [from, targetsOf(from)]));
  for (const cycle of findCycles(graph)) problems.push(`${cycle.join(' -> ')}: a circle`);
  return { files: files.length, problems };
};
