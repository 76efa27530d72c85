// What one part of the file says of another, and of the environment. It looks at the file as it is written, so that these
// problems are told together with all others.

import { hourMs } from '../../lib/time.ts';
import { type Check, checkNames, checkWhen } from './check-when.ts';
import { parseLength } from './lengths.ts';
import { splitNegation } from './match.ts';
import { didYouMean } from './nearest.ts';
import type { Path, Report } from './problem.ts';
import { defaultMaxSilenceMs } from './rules.ts';
import { rulesFileSchema, windowSchema } from './schema.ts';
import { silenceSchema } from './silence-schema.ts';
import { readSpan } from './silences.ts';
import { isRecord, itemsAt, keysAt, textAt, textsAt, valueAt } from './tree.ts';
import { createWindow, endOfWindows, type Window } from './windows.ts';

export interface Known {
  /** The destinations of the environment, which count where the file names none. */
  readonly destinations: readonly string[];
  /** The status pages of the environment. */
  readonly pages: readonly string[];
  /** Whether the environment is the one that the service will have: only then is an unknown status page an error. */
  readonly isComplete: boolean;
}

const checkUnique = ({ tree, report }: Check, section: string, what: string): void => {
  const seen = new Set<string>();
  for (const path of itemsAt(tree, [section])) {
    const name = textAt(tree, [...path, 'name']);
    if (name === undefined) continue;
    if (seen.has(name)) report([...path, 'name'], `the name of a ${what} is unique, and "${name}" is given twice`);
    seen.add(name);
  }
};

const checkFallbacks = (check: Check, destinations: readonly string[]): void => {
  const { tree, report } = check;
  const next = (name: string) => textAt(tree, ['destinations', name, 'fallback', 'to']);
  for (const name of keysAt(tree, ['destinations'])) {
    const path = ['destinations', name, 'fallback', 'to'];
    checkNames(check, path, 'destination', destinations);
    const chain = [name];
    for (let to = next(name); to !== undefined; to = next(to)) {
      const isCycle = to === name;
      const isKnown = chain.includes(to);
      chain.push(to);
      if (isCycle) report(path, `the fallbacks go round in a circle: ${chain.join(', ')}`);
      if (isKnown) break;
    }
  }
};

const windowsAt = (tree: unknown, names: readonly string[]): readonly Window[] =>
  names.flatMap((name) => {
    const settings = windowSchema.safeParse(valueAt(tree, ['windows', name]));
    return settings.success ? [createWindow(settings.data, 'UTC')] : [];
  });

/** A Monday; every week is alike. */
const anyMoment = Date.UTC(2026, 0, 5, 12);

/** Whether the windows leave no moment of the week. */
const areAlwaysActive = (windows: readonly Window[]): boolean =>
  windows.length > 0 &&
  Array.from({ length: 7 * 24 }, (_, at) => anyMoment + at * hourMs).every((moment) =>
    windows.some((window) => window.endsAt(moment) !== null),
  ) &&
  endOfWindows(windows, anyMoment) === null;

const checkEndOfWindow = ({ tree, report }: Check, route: Path): void => {
  const path = [...route, 'at_end_of_window'];
  if (valueAt(tree, path) === undefined) return;
  const during = textsAt(tree, [...route, 'when', 'during']).map(({ text }) => text);
  if (during.length === 0) report(path, 'at_end_of_window needs a window: "during" in the when of its route');
  else if (during.some((name) => splitNegation(name).isNegated))
    report(path, 'at_end_of_window needs the windows themselves in "during", not a negation');
  else if (areAlwaysActive(windowsAt(tree, during)))
    report(path, 'the windows in "during" cover the whole week, so they never end');
};

const checkSilences = ({ tree, report }: Check): void => {
  const timezone = rulesFileSchema.shape.timezone.safeParse(valueAt(tree, ['timezone'])).data ?? 'UTC';
  const longest = parseLength(textAt(tree, ['max_silence']) ?? '');
  const maxSilenceMs = longest.ok ? longest.value : defaultMaxSilenceMs;
  for (const path of itemsAt(tree, ['silences'])) {
    const silence = silenceSchema.safeParse(valueAt(tree, path));
    const span = silence.success ? readSpan(silence.data, { timezone, maxSilenceMs }) : undefined;
    if (span?.ok === false) report([...path, 'until'], span.problem);
  }
};

const checkTest = (check: Check, path: Path, destinations: readonly string[], routes: readonly string[]): void => {
  for (const key of ['sent', 'at_end_of_window'])
    checkNames(check, [...path, 'expect', key], 'destination', destinations);
  if (Array.isArray(valueAt(check.tree, [...path, 'expect', 'held'])))
    checkNames(check, [...path, 'expect', 'held'], 'destination', destinations);
  const route = textAt(check.tree, [...path, 'expect', 'route']);
  if (route !== undefined && !routes.includes(route))
    check.report([...path, 'expect', 'route'], `there is no route "${route}"${didYouMean(route, routes)}`);
};

export const checkReferences = (tree: unknown, known: Known, report: Report): void => {
  const check = { tree, report };
  const hasDestinations = isRecord(valueAt(tree, ['destinations']));
  const destinations = hasDestinations ? keysAt(tree, ['destinations']) : known.destinations;
  const names = {
    windows: keysAt(tree, ['windows']),
    pages: [...known.pages, ...keysAt(tree, ['status_pages'])],
    isComplete: known.isComplete,
  };
  const routes = itemsAt(tree, ['routes']);

  for (const section of ['severity', 'routes', 'silences', 'rates'])
    for (const path of itemsAt(tree, [section])) checkWhen(check, [...path, 'when'], names);
  for (const path of routes) {
    checkNames(check, [...path, 'send'], 'destination', destinations);
    checkNames(check, [...path, 'at_end_of_window'], 'destination', destinations);
    checkEndOfWindow(check, path);
  }
  checkUnique(check, 'routes', 'route');
  checkUnique(check, 'rates', 'rate');
  checkFallbacks(check, destinations);
  checkSilences(check);
  const routeNames = routes.flatMap((path) => textAt(tree, [...path, 'name']) ?? []);
  for (const path of itemsAt(tree, ['tests'])) {
    checkTest(check, path, destinations, routeNames);
    checkWhen(check, [...path, 'given'], names);
  }
};
