import { expect, it } from 'vitest';
import { readMonth, withShare } from '../../src/report/day-row.ts';
import { buildReport, reportCsv } from '../../src/report/report.ts';
import { daysBetween, sharesOf } from '../../src/report/shares.ts';
import { alertOf } from './alerts.ts';

const nowMs = Date.parse('2026-03-02T12:00:00.000Z');

it('an outage over midnight is shared between its days, and opened on the first', () => {
  const alert = alertOf({ from: '2026-03-01T23:00:00.000Z', to: '2026-03-02T01:30:00.000Z' });
  const shares = sharesOf(alert, nowMs);
  expect([...shares.keys()]).toEqual(['2026-03-01', '2026-03-02']);
  const minutes = [...shares.values()].map(({ critical: [span] }) => span && (span[1] - span[0]) / 60_000);
  expect(minutes).toEqual([60, 90]);
  expect([...shares.values()].map(({ opened }) => opened)).toEqual([
    { severity: 'critical', seconds_to_seen: 120, seconds_to_notified: 180 },
    null,
  ]);
});

it('an outage that rises and falls counts as serious as it was at the time', () => {
  const alert = alertOf({ from: '2026-03-01T12:00:00.000Z', to: '2026-03-01T14:00:00.000Z', severity: 'warning' });
  const was = [
    ['info', '2026-03-01T11:00:00.000Z'],
    ['warning', '2026-03-01T12:30:00.000Z'],
    ['critical', '2026-03-01T13:30:00.000Z'],
    ['warning', '2026-03-01T15:00:00.000Z'],
  ] as const;
  const share = sharesOf({ ...alert, members: alert.members.map((each) => ({ ...each, was })) }, null).get(
    '2026-03-01',
  );
  const at = (time: string) => Date.parse(`2026-03-01T${time}:00.000Z`);
  expect(share).toMatchObject({
    critical: [[at('12:30'), at('13:30')]],
    warning: [
      [at('12:00'), at('12:30')],
      [at('13:30'), at('14:00')],
    ],
  });
});

it('what is open lasts until now, or is left out until its end is known', () => {
  const alert = alertOf({ from: '2026-03-02T11:00:00.000Z', to: null });
  expect(sharesOf(alert, nowMs).get('2026-03-02')?.critical).toEqual([[Date.parse('2026-03-02T11:00:00.000Z'), nowMs]]);
  expect(sharesOf(alert, null).get('2026-03-02')).toMatchObject({ critical: [], opened: { severity: 'critical' } });
});

it('a payment has no minutes, our own blindness is no outage, and of the first look nobody could have known', () => {
  const of = { from: '2026-03-02T10:00:00.000Z', to: '2026-03-02T11:00:00.000Z' };
  expect(sharesOf(alertOf({ ...of, item: 'payment' }), nowMs).get('2026-03-02')).toMatchObject({ critical: [] });
  expect(sharesOf(alertOf({ ...of, item: 'page' }), nowMs).size).toBe(0);
  expect(sharesOf(alertOf({ ...of, firstLook: true }), nowMs).get('2026-03-02')?.opened).toMatchObject({
    seconds_to_seen: null,
  });
});

it('what has no minutes is of the day on which it was opened, whenever it ends', () => {
  const alert = alertOf({ from: '2026-03-01T23:00:00.000Z', to: '2026-03-02T01:30:00.000Z', item: 'payment' });
  expect([...sharesOf(alert, nowMs).keys()]).toEqual(['2026-03-01']);
});

it("a vendor's start that lies weeks back is not believed", () => {
  const alert = alertOf({
    from: '2026-01-01T00:00:00.000Z',
    seen: '2026-03-02T10:00:00.000Z',
    to: '2026-03-02T11:00:00.000Z',
  });
  expect([...sharesOf(alert, nowMs).keys()]).toEqual(['2026-03-01', '2026-03-02']);
});

const share = (from: number, to: number) => ({ critical: [[from, to] as const], warning: [], opened: null });

it('an alert that is recorded again replaces what it said before', () => {
  const once = withShare(readMonth(undefined), '2026-03-01', 'a', share(0, 10));
  const again = withShare(once, '2026-03-01', 'a', share(0, 5));
  expect(again.days['2026-03-01']?.alerts).toEqual({ a: share(0, 5) });
});

it('a day has room for a hundred alerts by name, and for the minutes of all others', () => {
  let month = readMonth(undefined);
  for (let n = 0; n < 150; n++)
    month = withShare(month, '2026-03-01', `a${n}`, {
      ...share(n, n + 1),
      opened: { severity: 'critical', seconds_to_seen: null, seconds_to_notified: null },
    });
  const row = month.days['2026-03-01'];
  expect(Object.keys(row?.alerts ?? {})).toHaveLength(100);
  expect(row?.others).toEqual({ critical: [[100, 150]], warning: [], opened: 50 });
});

it('a state that cannot be read is an empty month', () => {
  expect(readMonth('broken')).toEqual({ days: {} });
});

const minute = 60_000;
const report = () => {
  const day = '2026-03-01';
  let month = readMonth(undefined);
  const opened = (seconds: number) =>
    ({ severity: 'critical', seconds_to_seen: seconds, seconds_to_notified: null }) as const;
  month = withShare(month, day, 'a', { critical: [[0, 30 * minute]], warning: [], opened: opened(60) });
  month = withShare(month, day, 'b', {
    critical: [[20 * minute, 40 * minute]],
    warning: [[0, 50 * minute]],
    opened: opened(180),
  });
  return buildReport({
    source: 'acme_status',
    days: daysBetween('2026-02-28', '2026-03-03'),
    rowOf: (name) => month.days[name],
    keptSince: '2026-03-01',
    today: '2026-03-02',
  });
};

it('minutes of alerts at the same time count once, and a warning under something critical not at all', () => {
  expect(report().days.map(({ day, worst, critical_minutes: c, warning_minutes: w }) => [day, worst, c, w])).toEqual([
    ['2026-02-28', null, 0, 0],
    ['2026-03-01', 'critical', 40, 10],
    ['2026-03-02', 'none', 0, 0],
    ['2026-03-03', null, 0, 0],
  ]);
  expect(report().totals).toEqual({
    critical_minutes: 40,
    warning_minutes: 10,
    alerts: 2,
    lead: { alerts: 2, median_seconds_to_seen: 60, median_seconds_to_notified: null },
  });
});

it('as CSV it is a row a day', () => {
  expect(reportCsv(report()).split('\r\n').slice(0, 3)).toEqual([
    'source,day,worst,critical_minutes,warning_minutes,alerts,median_seconds_to_seen,median_seconds_to_notified',
    'acme_status,2026-02-28,,0,0,0,,',
    'acme_status,2026-03-01,critical,40,10,2,60,',
  ]);
});

it('a warning that began on another day makes this one a day with a warning, and opens nothing on it', () => {
  const warning = { critical: [], warning: [[0, 5 * minute] as const], opened: null };
  const month = withShare(readMonth(undefined), '2026-03-01', 'a', warning);
  const { days, totals } = buildReport({
    source: 'acme_status',
    days: ['2026-03-01'],
    rowOf: (name) => month.days[name],
    keptSince: null,
    today: '2026-03-02',
  });
  expect(days).toMatchObject([{ worst: 'warning', warning_minutes: 5, alerts: 0 }]);
  expect(totals).toMatchObject({ warning_minutes: 5, alerts: 0, lead: { alerts: 0 } });
});

it('beyond the hundred that a day names, an alert of the day before adds minutes and is not opened again', () => {
  let month = readMonth(undefined);
  for (let n = 0; n < 101; n++) month = withShare(month, '2026-03-01', `a${n}`, share(n, n + 1));
  expect(month.days['2026-03-01']?.others).toEqual({ critical: [[100, 101]], warning: [], opened: 0 });
});

it('a report of no days is one of today, with nothing in it', () => {
  const input = { source: 'acme_status', days: [], rowOf: () => undefined, keptSince: null, today: '2026-03-02' };
  expect(buildReport(input)).toMatchObject({
    from: '2026-03-02',
    to: '2026-03-02',
    totals: { critical_minutes: 0, warning_minutes: 0, alerts: 0 },
    days: [],
  });
});
