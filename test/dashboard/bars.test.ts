import { expect, it } from 'vitest';
import { barWords, leadWords, marksOf, minutesWords } from '../../src/dashboard/bars.js';
import type { ReportView } from '../../src/dashboard/types.ts';

const aDay = (day: string, more: Partial<ReportView['days'][number]> = {}): ReportView['days'][number] => ({
  day,
  worst: 'none',
  critical_minutes: 0,
  warning_minutes: 0,
  alerts: 0,
  median_seconds_to_seen: null,
  median_seconds_to_notified: null,
  ...more,
});

const days = [
  aDay('2026-03-01', { worst: null }),
  aDay('2026-03-02'),
  aDay('2026-03-03', { worst: 'critical', critical_minutes: 61, warning_minutes: 5, alerts: 2 }),
  aDay('2026-03-04', { worst: 'warning', alerts: 1 }),
];

it('each day is a mark, in the colour of its worst, and says so', () => {
  expect(marksOf(days, 400)).toEqual([
    { x: 0, width: 99, tone: 'unknown', label: '2026-03-01: no record' },
    { x: 100, width: 99, tone: 'none', label: '2026-03-02: nothing' },
    { x: 200, width: 99, tone: 'critical', label: '2026-03-03: 1 h 1 min critical, 5 min warning, 2 alerts' },
    { x: 300, width: 99, tone: 'warning', label: '2026-03-04: 1 alert' },
  ]);
  expect(marksOf([], 400)).toEqual([]);
});

it('the bar is told in words too', () => {
  expect(barWords(days)).toBe(
    '4 days: 1 with something critical, 1 with a warning, 1 with nothing, 1 without a record',
  );
});

it('minutes and lead times are read at a glance', () => {
  expect([0, 59, 60, 125].map(minutesWords)).toEqual(['0 min', '59 min', '1 h', '2 h 5 min']);
  expect([null, 12, 600].map(leadWords)).toEqual(['unknown', '12 s', '10 min']);
});

it('a day without alerts of its own says for how long something went on, or how bad it was', () => {
  const marks = marksOf(
    [aDay('2026-03-01', { worst: 'critical', critical_minutes: 30 }), aDay('2026-03-02', { worst: 'warning' })],
    200,
  );
  expect(marks.map(({ label }) => label)).toEqual(['2026-03-01: 30 min critical', '2026-03-02: warning']);
});

it('the words speak of missing records only when there are some', () => {
  expect(barWords(days.slice(1))).toBe('3 days: 1 with something critical, 1 with a warning, 1 with nothing');
});
