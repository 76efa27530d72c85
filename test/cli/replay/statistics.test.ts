import { expect, it } from 'vitest';
import { differencesOf, renderDifferences } from '../../../src/cli/replay/differences.ts';
import type { Played, Told } from '../../../src/cli/replay/played.ts';
import { statisticsOf } from '../../../src/cli/replay/statistics.ts';

const told = (at: string, more: Partial<Told> = {}): Told => ({
  atMs: Date.parse(at),
  alertId: `alert ${at}`,
  title: 'API errors',
  destination: 'oncall',
  action: 'trigger',
  reason: 'opened',
  severity: 'critical',
  summary: 'API errors',
  events: 1,
  ...more,
});

const played = (all: readonly Told[]): Played => ({
  told: all,
  alerts: [...new Set(all.map(({ alertId }) => alertId)), 'untold'].map((alertId) => ({
    alertId,
    title: alertId,
    severity: 'critical',
    state: 'resolved',
    openedAt: '2026-01-05T00:00:00.000Z',
  })),
  polls: 10,
  webhooks: 0,
  firstMs: Date.parse('2026-01-05T00:00:00Z'),
  lastMs: Date.parse('2026-01-19T00:00:00Z'),
  unused: new Map(),
});

it('a notification is a trigger that tells of an alert; what is more serious, joins or ends is not', () => {
  const first = told('2026-01-06T12:00:00Z');
  const same = { alertId: first.alertId };
  const { all, alerts, alertsTold } = statisticsOf(
    played([
      first,
      told('2026-01-06T12:05:00Z', { ...same, reason: 'louder' }),
      told('2026-01-06T12:06:00Z', { ...same, action: 'update', reason: 'joined' }),
      told('2026-01-06T13:00:00Z', { ...same, action: 'resolve', reason: 'ended' }),
      told('2026-01-06T13:30:00Z', { ...same, reason: 'reopened' }),
    ]),
    'UTC',
  );
  expect(all).toEqual({ notifications: 2, perWeek: 1, atNight: 0, updates: 2, resolves: 1 });
  expect({ alerts, alertsTold }).toEqual({ alerts: 2, alertsTold: 1 });
});

it('the night is that of the rules, and each destination is counted by itself', () => {
  const all = [told('2026-01-06T05:30:00Z'), told('2026-01-06T21:30:00Z', { destination: 'vendors' })];
  expect(statisticsOf(played(all), 'UTC').all.atNight).toBe(1);
  expect(statisticsOf(played(all), 'Europe/Berlin')).toMatchObject({
    all: { notifications: 2, atNight: 2 },
    byDestination: { oncall: { notifications: 1, atNight: 1 }, vendors: { notifications: 1, atNight: 1 } },
  });
});

it('the longest quiet counts from the first poll and to the last, the loudest hour slides', () => {
  const times = ['2026-01-06T09:50:00Z', '2026-01-06T10:10:00Z', '2026-01-06T10:49:00Z', '2026-01-06T11:00:00Z'];
  expect(statisticsOf(played(times.map((at) => told(at))), 'UTC')).toMatchObject({
    days: 14,
    longestQuiet: { from: '2026-01-06T11:00:00.000Z', to: '2026-01-19T00:00:00.000Z', hours: 301 },
    loudestHour: { from: '2026-01-06T09:50:00.000Z', notifications: 3 },
  });
});

it('where nobody is told all of it is quiet', () => {
  expect(statisticsOf(played([]), 'UTC')).toMatchObject({
    all: { notifications: 0, perWeek: 0 },
    longestQuiet: { hours: 336 },
    loudestHour: null,
  });
  const nothing = { ...played([]), firstMs: null, lastMs: null };
  expect(statisticsOf(nothing, 'UTC')).toMatchObject({ days: 0, longestQuiet: null });
});

it('the differences of two are the notifications of one only, in order of time', () => {
  const both = told('2026-01-06T10:00:00Z');
  const early = told('2026-01-07T10:00:00Z', { alertId: 'a', severity: 'warning', destination: 'vendors' });
  const late = { ...early, atMs: early.atMs + 300_000 };
  const differences = differencesOf([both, early], [late, both]);
  expect(differences.map(({ only, told: { atMs } }) => [only, atMs])).toEqual([
    ['first', early.atMs],
    ['second', late.atMs],
  ]);
  expect(renderDifferences(['a.yaml', 'b.yaml'], differences).split('\n')).toEqual([
    'Notifications of one only: - a.yaml, + b.yaml',
    '- 2026-01-07 10:00Z  warning   vendors  API errors',
    '+ 2026-01-07 10:05Z  warning   vendors  API errors',
  ]);
  expect(renderDifferences(['a', 'b'], [])).toBe('Both send the same notifications.');
});
