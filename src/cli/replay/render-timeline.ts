// What would have been sent, by alert, in the order in which somebody was first told of each.
import { worstOf } from '../../domain/alert.ts';
import { toIso } from '../../lib/time.ts';
import type { Io } from '../io.ts';
import { colored, plain, shortTime } from '../text.ts';
import type { Played, PlayedAlert, Told } from './played.ts';

const time = (ms: number): string => shortTime(toIso(ms));

/** The reason of a delivery where it is not what its action says already. */
const reasons: Readonly<Partial<Record<Told['reason'], string>>> = {
  reopened: 'opened again',
  louder: 'more serious',
  eased: 'became less serious',
  words: 'changed',
};

const line = (
  { atMs, action, destination, reason, severity, summary, events, otherSide }: Told,
  width: number,
): string => {
  const why = reasons[reason];
  const others = events > 1 ? `, and ${events - 1} more` : '';
  const what = action === 'resolve' ? '' : `  ${severity.padEnd(8)}  ${plain(summary)}${others}`;
  const first =
    `  ${time(atMs)}  ${action.padEnd(7)}  ${destination.padEnd(width)}${what}${why ? `  (${why})` : ''}`.trimEnd();
  return otherSide === undefined ? first : `${first}\n${' '.repeat(first.indexOf(destination))}${plain(otherSide)}`;
};

const byAlert = (told: readonly Told[]): ReadonlyMap<string, readonly Told[]> =>
  Map.groupBy(told, ({ alertId }) => alertId);

export const renderTimeline = ({ told, alerts }: Pick<Played, 'told' | 'alerts'>, io: Io): string => {
  const known = new Map(alerts.map((alert) => [alert.alertId, alert]));
  const width = Math.max(0, ...told.map(({ destination }) => destination.length));
  return [...byAlert(told)]
    .map(([alertId, ofAlert]) => {
      const { title, state } = known.get(alertId) ?? { title: alertId, state: 'resolved' };
      const head = `${colored(worstOf(ofAlert) ?? '', io)}  ${plain(title)}${state === 'open' ? '  (open at the end)' : ''}`;
      return [head, ...ofAlert.map((each) => line(each, width))].join('\n');
    })
    .join('\n\n');
};

/** Alerts of which nobody was told. */
export const untold = ({ told, alerts }: Pick<Played, 'told' | 'alerts'>): readonly PlayedAlert[] => {
  const ids = new Set(told.map(({ alertId }) => alertId));
  return alerts.filter(({ alertId }) => !ids.has(alertId));
};
