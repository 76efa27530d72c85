// Documents that name what is not there are worse than none: every link, every test and every file that they name exists.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = globSync(['*.md', 'docs/**/*.md', 'bench/*.md'], { cwd: root }).toSorted();
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** `a/{b,c}.ts` as both. */
const spread = (path: string): readonly string[] => {
  const [, before = '', options, after = ''] = /^(.*?)\{([^}]*)\}(.*)$/.exec(path) ?? [];
  return options === undefined ? [path] : options.split(',').flatMap((option) => spread(`${before}${option}${after}`));
};

/** What GitHub makes of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

const anchorsOf = (path: string): readonly string[] =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

const isThere = (from: string, link: string): boolean => {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? from : join(dirname(from), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchorsOf(target).includes(anchor);
};

it('there are documents', () => {
  expect(documents.length).toBeGreaterThan(30);
});

it.each(documents)('every link of %s leads somewhere', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !/^(https?|mailto):/.test(link) && !isThere(path, link))).toEqual([]);
});

it.each(documents.filter((path) => path !== 'CHANGELOG.md'))('every file of ours that %s names exists', (path) => {
  const named = [...read(path).matchAll(/`((?:src|test|scripts|deploy|fixtures|bench)\/[\w./{},-]+?)`/g)];
  const files = named.flatMap(([, file = '']) => spread(file)).filter((file) => !/NAME|VERSION/.test(file));
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

const walks = [...read('docs/architecture.md').matchAll(/<!-- walk -->(.*?)<!-- end -->/gs)].map(([, walk = '']) =>
  [...walk.matchAll(/`([\w/.-]+\.ts)`/g)].map(([, file = '']) => file),
);

it('docs/architecture.md has its walks', () => {
  expect(walks.map((files) => files.length > 10)).toEqual([true, true]);
});

it.each(walks)('in a walk every file is there, and none is entered twice', (...files) => {
  expect(files.filter((file) => !existsSync(join(root, 'src', file)))).toEqual([]);
  expect(files).toEqual([...new Set(files)]);
});

it('the files of the table of decisions are there', () => {
  const [, table = ''] = read('docs/architecture.md').split('## Where is it decided?');
  const files = [...table.matchAll(/`(\w[\w-]*\/[\w/.-]+\.ts)`/g)].map(([, file = '']) => file);
  expect(files.length).toBeGreaterThan(25);
  expect(files.filter((file) => !existsSync(join(root, 'src', file)))).toEqual([]);
});
