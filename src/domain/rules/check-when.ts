// The names in a condition: windows, status pages and sources that must be there.
import { pageOfSource, sourceOfPage } from '../status-page-name.ts';
import { plainText, splitNegation } from './match.ts';
import { didYouMean, nearest } from './nearest.ts';
import type { Path, Report } from './problem.ts';
import { textsAt } from './tree.ts';

export interface Check {
  readonly tree: unknown;
  readonly report: Report;
}

/** What a condition can name. */
export interface Names {
  readonly windows: readonly string[];
  readonly pages: readonly string[];
  /** Whether `pages` are all. Where they are not, only a near miss is a problem: it is always a slip. */
  readonly isComplete: boolean;
}

export const checkNames = ({ tree, report }: Check, path: Path, what: string, known: readonly string[]): void => {
  for (const { path: at, text } of textsAt(tree, path)) {
    const { rest } = splitNegation(text);
    if (known.includes(rest)) continue;
    const none = known.length === 0 ? '; the file names none' : '';
    report(at, `there is no ${what} "${rest}"${didYouMean(rest, known) || none}`);
  }
};

const checkPages = ({ tree, report }: Check, path: Path, { pages, isComplete }: Names): void => {
  for (const { path: at, text } of textsAt(tree, path)) {
    const name = plainText(text)?.toLowerCase();
    if (name === undefined || pages.includes(name)) continue;
    const meant = didYouMean(name, pages);
    if (isComplete || meant !== '') report(at, `there is no status page "${name}"${meant}`);
  }
};

const sourceOf = (name: string): string => (name === 'stripe' ? name : sourceOfPage(name));

/** The name of the status page decides what was meant: the end of a source is always the same. */
const checkSources = ({ tree, report }: Check, path: Path, { pages, isComplete }: Names): void => {
  const names = ['stripe', ...pages];
  for (const { path: at, text } of textsAt(tree, path)) {
    const source = plainText(text)?.toLowerCase();
    if (source === undefined || names.map(sourceOf).includes(source)) continue;
    const name = nearest(pageOfSource(source), names);
    const hint = name === undefined ? '' : ` (did you mean "${sourceOf(name)}"?)`;
    if (isComplete || hint !== '') report(at, `there is no source "${source}"${hint}`);
  }
};

export const checkWhen = (check: Check, path: Path, names: Names): void => {
  checkNames(check, [...path, 'during'], 'window', names.windows);
  checkPages(check, [...path, 'page'], names);
  checkSources(check, [...path, 'source'], names);
};
