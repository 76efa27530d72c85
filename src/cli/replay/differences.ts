// Which notifications one rules file sends and the other does not, or not at that time.
import { toIso } from '../../lib/time.ts';
import { plain, shortTime } from '../text.ts';
import type { Told } from './played.ts';
import { isNotification } from './statistics.ts';

export interface Difference {
  readonly only: 'first' | 'second';
  readonly told: Told;
}

const keyOf = ({ atMs, destination, alertId }: Told): string => JSON.stringify([atMs, destination, alertId]);

const byKey = (told: readonly Told[]): ReadonlyMap<string, Told> =>
  new Map(told.filter(isNotification).map((each) => [keyOf(each), each]));

export const differencesOf = (first: readonly Told[], second: readonly Told[]): readonly Difference[] => {
  const [a, b] = [byKey(first), byKey(second)];
  const missing = (from: typeof a, other: typeof a, only: Difference['only']): readonly Difference[] =>
    [...from].filter(([key]) => !other.has(key)).map(([, told]) => ({ only, told }));
  return [...missing(a, b, 'first'), ...missing(b, a, 'second')].toSorted((x, y) => x.told.atMs - y.told.atMs);
};

export const renderDifferences = (names: readonly [string, string], differences: readonly Difference[]): string => {
  if (differences.length === 0) return 'Both send the same notifications.';
  const lines = differences.map(({ only, told }) => {
    const { atMs, severity, destination, title } = told;
    const at = shortTime(toIso(atMs));
    return `${only === 'first' ? '-' : '+'} ${at}  ${severity.padEnd(8)}  ${destination}  ${plain(title)}`;
  });
  return [`Notifications of one only: - ${names[0]}, + ${names[1]}`, ...lines].join('\n');
};
