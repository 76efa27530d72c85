import { basename } from 'node:path';
import type { Rules } from '../../domain/rules/rules.ts';
import { statusPageName } from '../../domain/status-page-name.ts';
import { toIso } from '../../lib/time.ts';
import { WrongUsage } from '../failures.ts';
import type { ExitCode, Io } from '../io.ts';
import { findRulesFile, loadRulesFile, withoutService } from '../load-rules.ts';
import { printJson } from '../text.ts';
import { differencesOf, renderDifferences } from './differences.ts';
import { playAll, type Recordings } from './play-all.ts';
import type { Played } from './played.ts';
import { readRecording } from './read-recording.ts';
import type { Recording } from './recording.ts';
import { renderComparison, renderStatistics } from './render-statistics.ts';
import { renderTimeline, untold } from './render-timeline.ts';
import { type Statistics, statisticsOf } from './statistics.ts';

const noRules = 'no rules file';

const nameOf = (file: string): string =>
  basename(file)
    .replace(/(\.jsonl?|\.ndjson)?(\.gz)?$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '_')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64) || 'vendor';

const readAll = async (files: readonly string[], page: string | undefined): Promise<Recordings> => {
  if (page !== undefined && !statusPageName.test(page))
    throw new WrongUsage('--page is a name of lower-case letters, digits, "-" and "_", 64 at most');
  const recordings = new Map<string, readonly Recording[]>();
  for (const file of files) {
    const name = page ?? nameOf(file);
    recordings.set(name, [...(recordings.get(name) ?? []), await readRecording(file)]);
  }
  return recordings;
};

/** The status pages of the rules have names, and a recording whose name is another one is of none of them. */
const warnOfNames = (rules: Rules | undefined, recordings: Recordings, io: Io): void => {
  if (!rules || rules.statusPages.size === 0) return;
  const known = [...rules.statusPages.keys()];
  for (const name of recordings.keys())
    if (!known.includes(name))
      io.complain(
        `The rules know no status page "${name}", only ${known.join(', ')}: --page NAME tells which one is meant.`,
      );
};

interface Result {
  readonly file: string;
  readonly played: Played;
  readonly statistics: Statistics;
}

const playFile = async (
  path: string | null,
  recordings: Recordings,
  routeWarning: boolean,
  io: Io,
): Promise<Result> => {
  const rules = path === null ? undefined : await loadRulesFile(path, withoutService(io.env, routeWarning));
  warnOfNames(rules, recordings, io);
  const file = path ?? noRules;
  const played = await playAll(recordings, { rules, routeWarning, what: file }, io);
  return { file, played, statistics: statisticsOf(played, rules?.timezone ?? 'UTC') };
};

const toJson = ({ file, played, statistics }: Result) => ({
  rules: file === noRules ? null : file,
  told: played.told.map(({ atMs, ...each }) => ({ at: toIso(atMs), ...each })),
  untold: untold(played),
  unused: Object.fromEntries(played.unused),
  statistics,
});

const printOne = (result: Result, io: Io): void => {
  const { played, statistics } = result;
  if (played.told.length > 0) io.print(`${renderTimeline(played, io)}\n`);
  io.print(renderStatistics(played, statistics, io));
};

const printBoth = (first: Result, second: Result, io: Io): void => {
  const names = [first.file, second.file] as const;
  io.print(renderDifferences(names, differencesOf(first.played.told, second.played.told)));
  io.print(`\n${renderComparison(names, [first.statistics, second.statistics], io)}`);
};

export interface ReplayOptions {
  readonly rules: string | undefined;
  readonly compare: string | undefined;
  readonly page: string | undefined;
  readonly routeWarning: boolean;
  readonly json: boolean;
}

export const runReplay = async (files: readonly string[], options: ReplayOptions, io: Io): Promise<ExitCode> => {
  const { rules, compare, page, routeWarning, json } = options;
  const first = await playFile(rules ?? findRulesFile(io), await readAll(files, page), routeWarning, io);
  // A recording is read once, so the second needs them anew.
  const second = compare === undefined ? null : await playFile(compare, await readAll(files, page), routeWarning, io);
  if (json) printJson(second ? { first: toJson(first), second: toJson(second) } : toJson(first), io);
  else if (second) printBoth(first, second, io);
  else printOne(first, io);
  return 0;
};
