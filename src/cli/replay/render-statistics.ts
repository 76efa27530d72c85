import { counted } from '../../lib/counted.ts';
import type { Io } from '../io.ts';
import { renderTable, shortTime } from '../text.ts';
import type { Played } from './played.ts';
import type { Counts, Statistics } from './statistics.ts';

const rowOf = (name: string, { notifications, perWeek, atNight, updates, resolves }: Counts): readonly string[] => [
  name,
  ...[notifications, perWeek, atNight, updates, resolves].map(String),
];

const spanText = (days: number): string => {
  if (days < 1) return 'less than a day';
  return days === 1 ? 'a day' : `${days} days`;
};

const quietText = ({ longestQuiet: quiet }: Statistics): string =>
  quiet === null ? '-' : `${quiet.hours} h, ${shortTime(quiet.from)} to ${shortTime(quiet.to)}`;

const loudText = ({ loudestHour: loud }: Statistics): string =>
  loud === null ? '-' : `${loud.notifications} from ${shortTime(loud.from)}`;

/** Why polls and webhooks were not used, one line each. */
const unusedLines = ({ unused }: Pick<Played, 'unused'>): readonly string[] =>
  [...unused].map(([reason, count]) => `${count} not used: ${reason}`);

export const renderStatistics = (played: Played, statistics: Statistics, io: Io): string => {
  const { alerts, alertsTold, days, timezone, all, byDestination } = statistics;
  const rows = Object.entries(byDestination).map(([name, counts]) => rowOf(name, counts));
  const header = ['DESTINATION', 'NOTIFICATIONS', 'A WEEK', 'AT NIGHT', 'UPDATES', 'ENDS'];
  const webhooks = played.webhooks === 0 ? '' : ` and ${counted(played.webhooks, 'webhook')}`;
  return [
    `${counted(played.polls, 'poll')}${webhooks} of ${spanText(days)}: ${counted(alerts, 'alert')}, ${alertsTold} of them told.`,
    ...unusedLines(played),
    ...(rows.length === 0 ? [] : ['', renderTable(header, [...rows, rowOf('in all', all)], io), '']),
    `Night is 22:00 to 07:00 ${timezone}. Longest quiet: ${quietText(statistics)}. Loudest hour: ${loudText(statistics)}.`,
  ].join('\n');
};

/** The numbers of two rules files beside each other. */
export const renderComparison = (names: readonly [string, string], both: readonly [Statistics, Statistics], io: Io) => {
  const row = (what: string, of: (statistics: Statistics) => string | number) => [
    what,
    ...both.map((each) => String(of(each))),
  ];
  const destinations = [...new Set(both.flatMap(({ byDestination }) => Object.keys(byDestination)))].sort();
  const rows = [
    row('alerts', ({ alerts }) => alerts),
    row('alerts told', ({ alertsTold }) => alertsTold),
    row('notifications', ({ all }) => all.notifications),
    ...destinations.map((name) => row(`  ${name}`, ({ byDestination }) => byDestination[name]?.notifications ?? 0)),
    row('a week', ({ all }) => all.perWeek),
    row('at night', ({ all }) => all.atNight),
    row('updates', ({ all }) => all.updates),
    row('longest quiet', ({ longestQuiet }) => (longestQuiet === null ? '-' : `${longestQuiet.hours} h`)),
    row('loudest hour', ({ loudestHour }) => loudestHour?.notifications ?? 0),
  ];
  return renderTable(['', ...names], rows, io);
};
