// How often people would have been told, in numbers. A notification is a trigger that tells somebody of an alert, anew
// or again after its end; what follows on the same alert is an update of it.
import { createWindow } from '../../domain/rules/windows.ts';
import { dayMs, hourMs, toIso } from '../../lib/time.ts';
import type { Played, Told } from './played.ts';

export interface Counts {
  readonly notifications: number;
  readonly perWeek: number;
  /** From 22:00 to 07:00 in the rules' time zone. */
  readonly atNight: number;
  readonly updates: number;
  readonly resolves: number;
}

export interface Statistics {
  readonly alerts: number;
  readonly alertsTold: number;
  readonly days: number;
  readonly timezone: string;
  readonly all: Counts;
  readonly byDestination: Readonly<Record<string, Counts>>;
  /** Null: nothing was recorded. */
  readonly longestQuiet: { readonly from: string; readonly to: string; readonly hours: number } | null;
  /** Null: there was no notification. */
  readonly loudestHour: { readonly from: string; readonly notifications: number } | null;
}

export const isNotification = ({ action, reason }: Told): boolean => action === 'trigger' && reason !== 'louder';

const round = (value: number): number => Math.round(value * 10) / 10;

const countsOf = (told: readonly Told[], days: number, isNight: (ms: number) => boolean): Counts => {
  const notifications = told.filter(isNotification);
  return {
    notifications: notifications.length,
    perWeek: days === 0 ? notifications.length : round((notifications.length * 7) / Math.max(days, 7)),
    atNight: notifications.filter(({ atMs }) => isNight(atMs)).length,
    updates: told.filter((each) => each.action !== 'resolve' && !isNotification(each)).length,
    resolves: told.filter(({ action }) => action === 'resolve').length,
  };
};

const quietOf = (times: readonly number[], firstMs: number, lastMs: number): Statistics['longestQuiet'] => {
  const points = [firstMs, ...times, lastMs];
  let longest = { fromMs: firstMs, toMs: firstMs };
  for (const [at, toMs] of points.entries()) {
    const fromMs = points[at - 1] ?? toMs;
    if (toMs - fromMs > longest.toMs - longest.fromMs) longest = { fromMs, toMs };
  }
  const { fromMs, toMs } = longest;
  return {
    from: toIso(fromMs),
    to: toIso(toMs),
    hours: round((toMs - fromMs) / hourMs),
  };
};

const loudestOf = (times: readonly number[]): Statistics['loudestHour'] => {
  let best = { fromMs: 0, count: 0 };
  let begin = 0;
  for (const [end, ms] of times.entries()) {
    while ((times[begin] ?? ms) <= ms - hourMs) begin += 1;
    const count = end - begin + 1;
    if (count > best.count) best = { fromMs: times[begin] ?? ms, count };
  }
  return best.count === 0 ? null : { from: toIso(best.fromMs), notifications: best.count };
};

export const statisticsOf = (played: Played, timezone: string): Statistics => {
  const { told, alerts, firstMs, lastMs } = played;
  const night = createWindow({ from: '22:00', to: '07:00' }, timezone);
  const isNight = (ms: number): boolean => night.endsAt(ms) !== null;
  const days = firstMs === null || lastMs === null ? 0 : (lastMs - firstMs) / dayMs;
  const times = told.filter(isNotification).map(({ atMs }) => atMs);
  const names = [...new Set(told.map(({ destination }) => destination))].sort();
  return {
    alerts: alerts.length,
    alertsTold: new Set(told.map(({ alertId }) => alertId)).size,
    days: round(days),
    timezone,
    all: countsOf(told, days, isNight),
    byDestination: Object.fromEntries(
      names.map((name) => [
        name,
        countsOf(
          told.filter(({ destination }) => destination === name),
          days,
          isNight,
        ),
      ]),
    ),
    longestQuiet: firstMs === null || lastMs === null ? null : quietOf(times, firstMs, lastMs),
    loudestHour: loudestOf(times),
  };
};
