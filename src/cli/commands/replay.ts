import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { pageName } from '../../config/values.ts';
import type { Rules } from '../../domain/rules/rules.ts';
import { defineCommand } from '../command.ts';
import { WrongUsage } from '../failures.ts';
import type { Io } from '../io.ts';
import { loadRulesFile, withoutService } from '../load-rules.ts';
import { differencesOf, renderDifferences } from '../replay/differences.ts';
import type { Played } from '../replay/play.ts';
import { playAll, type Recordings } from '../replay/play-all.ts';
import type { Recording } from '../replay/poll.ts';
import { readRecording } from '../replay/read-recording.ts';
import { renderComparison, renderStatistics } from '../replay/render-statistics.ts';
import { renderTimeline, untold } from '../replay/render-timeline.ts';
import { type Statistics, statisticsOf } from '../replay/statistics.ts';
import { printJson } from '../text.ts';

const defaultRules = 'vendor-signals.yaml';
const noRules = 'no rules file';

const nameOf = (file: string): string =>
  basename(file)
    .replace(/(\.jsonl?|\.ndjson)?(\.gz)?$/i, '')
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, '_')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, 64) || 'vendor';

const readAll = async (files: readonly string[], page: string | undefined): Promise<Recordings> => {
  if (page !== undefined && !pageName.test(page))
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
        `The rules know no status page "${name}", only ${known.join(', ')}: --page NAME says which one it is.`,
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
  told: played.told.map(({ atMs, ...each }) => ({ at: new Date(atMs).toISOString(), ...each })),
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

const rulesPath = (given: string | undefined, io: Io): string | null => {
  if (given !== undefined) return given;
  const configured = io.env.CONFIG_FILE?.trim();
  if (configured) return configured;
  return existsSync(defaultRules) ? defaultRules : null;
};

export const replay = defineCommand({
  name: 'replay',
  args: 'RECORDING…',
  count: [1, 1000],
  about: [
    'Plays recorded outages through the whole service, and prints what would have been sent, by alert, and how often. So',
    "you can try rules on last year's outages before they wake anybody. Nothing leaves this machine.",
    'A RECORDING holds one poll a line, {"captured_at": "…", "body": …}, or is the incidents.json of a Statuspage',
    '(https://PAGE/api/v2/incidents.json); it may be compressed with gzip. Its file is named after the status page.',
  ],
  options: {
    rules: {
      type: 'string',
      value: 'FILE',
      about: 'The rules file; CONFIG_FILE or vendor-signals.yaml, if it is there.',
    },
    compare: { type: 'string', value: 'FILE', about: 'A second rules file, to see what it would change.' },
    page: { type: 'string', value: 'NAME', about: 'What the rules call the status page.' },
    'route-warning': { type: 'boolean', about: 'As with ROUTE_WARNING=true, where there is no rules file.' },
    json: { type: 'boolean', about: 'Print all of it as JSON.' },
  },
  examples: [
    'replay fixtures/replay/acme_outage.jsonl --page acme',
    'replay github.jsonl.gz --rules vendor-signals.yaml --compare quieter.yaml',
  ],
  async run({ rules, compare, page, 'route-warning': routeWarning = false, json }, files, io) {
    const recordings = () => readAll(files, page);
    const first = await playFile(rulesPath(rules, io), await recordings(), routeWarning, io);
    // A recording is read once.
    const second = compare === undefined ? null : await playFile(compare, await recordings(), routeWarning, io);
    if (json) printJson(second ? { first: toJson(first), second: toJson(second) } : toJson(first), io);
    else if (second) printBoth(first, second, io);
    else printOne(first, io);
    return 0;
  },
});
