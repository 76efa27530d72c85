// Settings that both the environment and the file give, and addresses that cannot work.
import { frozenStatusPageProblem, isFrozenStatusPage } from '../status-page-address.ts';
import { nearest } from './nearest.ts';
import type { Path, Report } from './problem.ts';
import { keysAt, textAt, valueAt } from './tree.ts';

export interface Preset {
  readonly url: string;
  readonly payments: boolean;
}

/** A status page that the environment knows. */
export interface EnvironmentPage {
  readonly name: string;
  /** The variable that gives its address; null: it has none. */
  readonly variable: string | null;
}

interface Environment {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly pages: readonly EnvironmentPage[];
  readonly presets: ReadonlyMap<string, Preset>;
  /** Whether a page of the file without an address is an error. */
  readonly isComplete: boolean;
}

const twins: readonly { readonly variable: string; readonly path: Path }[] = [
  { variable: 'ROUTE_WARNING', path: ['routes'] },
  { variable: 'HEARTBEAT_URL', path: ['heartbeat', 'url'] },
  { variable: 'HEARTBEAT_INTERVAL_SECONDS', path: ['heartbeat', 'every'] },
];

const twice = (variable: string, path: Path): string =>
  `given twice: by the variable ${variable}, and here by ${path.join('.')}; take one of them out`;

const checkAddress = (url: string, path: Path, name: string, { presets }: Environment, report: Report): void => {
  if (url === 'preset' && !presets.has(name)) {
    const meant = nearest(name, presets.keys());
    const known =
      meant === undefined ? `; the presets are ${[...presets.keys()].join(', ')}` : ` (did you mean "${meant}"?)`;
    report(path, `there is no preset "${name}"${known}`);
  }
  const address = URL.parse(url);
  if (address && isFrozenStatusPage(address)) report(path, frozenStatusPageProblem);
};

const checkPage = (tree: unknown, name: string, environment: Environment, report: Report): void => {
  const page = ['status_pages', name];
  const path = textAt(tree, page) === undefined ? [...page, 'url'] : page;
  const known = environment.pages.find((candidate) => candidate.name === name);
  const url = textAt(tree, path);
  if (url !== undefined) {
    if (known && known.variable !== null) report(path, twice(known.variable, path), 'key');
    checkAddress(url, path, name, environment, report);
  } else if (!known && environment.isComplete && valueAt(tree, path) === undefined)
    report(page, 'this status page needs a url: neither the file nor the environment gives one', 'key');
};

export const checkEnvironment = (tree: unknown, environment: Environment, report: Report): void => {
  for (const { variable, path } of twins)
    if (environment.env[variable]?.trim() && valueAt(tree, path) !== undefined)
      report(path, twice(variable, path), 'key');
  for (const name of keysAt(tree, ['status_pages'])) checkPage(tree, name, environment, report);
};
