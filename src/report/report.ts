// The report of one vendor: a row a day, and what they come to. The API shows exactly this.
import * as z from 'zod';
import { type DayRow, emptyRow, type Share, type Span, unite } from './day-row.ts';

const minutes = z.int().nonnegative();
const seconds = z.int().nonnegative().nullable();
const day = z.string().regex(/^\d{4}-\d\d-\d\d$/);

const dayReportSchema = z
  .strictObject({
    day: day.meta({ description: 'In UTC.' }),
    worst: z
      .enum(['critical', 'warning', 'none'])
      .nullable()
      .meta({ description: 'The worst of the day; null when nothing was recorded yet then.' }),
    critical_minutes: minutes,
    warning_minutes: minutes.meta({ description: 'Without the minutes in which something critical went on too.' }),
    alerts: z.int().nonnegative().meta({ description: 'How many were opened on this day.' }),
    median_seconds_to_seen: seconds,
    median_seconds_to_notified: seconds,
  })
  .readonly();

export const reportSchema = z
  .strictObject({
    source: z.string(),
    from: day,
    to: day.meta({ description: 'The last day, included.' }),
    kept_since: day.nullable().meta({ description: 'The first day that was recorded.' }),
    totals: z
      .strictObject({
        critical_minutes: minutes,
        warning_minutes: minutes,
        alerts: z.int().nonnegative(),
        lead: z
          .strictObject({
            alerts: z.int().nonnegative(),
            median_seconds_to_seen: seconds,
            median_seconds_to_notified: seconds,
          })
          .readonly()
          .meta({ description: "From the vendor's own start to our first sight, and to the first person told." }),
      })
      .readonly(),
    days: z.array(dayReportSchema).readonly(),
  })
  .readonly()
  .meta({ id: 'Report', description: 'How a vendor did: a row a day, and the totals.' });

export type Report = z.infer<typeof reportSchema>;
type DayReport = z.infer<typeof dayReportSchema>;

const minutesOf = (spans: readonly Span[]): number =>
  Math.round(spans.reduce((sum, [from, to]) => sum + to - from, 0) / 60_000);

const medianOf = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b);
  return known[Math.floor((known.length - 1) / 2)] ?? null;
};

type Opened = readonly NonNullable<Share['opened']>[];

const mediansOf = (opened: Opened) => ({
  median_seconds_to_seen: medianOf(opened.map((each) => each.seconds_to_seen)),
  median_seconds_to_notified: medianOf(opened.map((each) => each.seconds_to_notified)),
});

interface Counted {
  readonly report: DayReport;
  readonly opened: Opened;
}

const worstOf = (critical: number, warning: number, opened: Opened, others: number): DayReport['worst'] => {
  if (critical > 0 || opened.some(({ severity }) => severity === 'critical')) return 'critical';
  return warning > 0 || opened.length + others > 0 ? 'warning' : 'none';
};

const countDay = (name: string, row: DayRow | undefined, isKept: boolean): Counted => {
  const { alerts, others } = row ?? emptyRow;
  const shares = Object.values(alerts);
  const critical = unite([...shares.flatMap((share) => share.critical), ...others.critical]);
  const all = unite([...critical, ...shares.flatMap((share) => share.warning), ...others.warning]);
  const opened = shares.flatMap((share) => (share.opened === null ? [] : [share.opened]));
  const criticalMinutes = minutesOf(critical);
  const warningMinutes = minutesOf(all) - criticalMinutes;
  return {
    opened,
    report: {
      day: name,
      worst: row || isKept ? worstOf(critical.length, warningMinutes, opened, others.opened) : null,
      critical_minutes: criticalMinutes,
      warning_minutes: warningMinutes,
      alerts: opened.length + others.opened,
      ...mediansOf(opened),
    },
  };
};

export interface ReportInput {
  readonly source: string;
  readonly days: readonly string[];
  readonly rowOf: (day: string) => DayRow | undefined;
  readonly keptSince: string | null;
  readonly today: string;
}

export const buildReport = ({ source, days, rowOf, keptSince, today }: ReportInput): Report => {
  const counted = days.map((name) =>
    countDay(name, rowOf(name), keptSince !== null && name >= keptSince && name <= today),
  );
  const sum = (of: (report: DayReport) => number) => counted.reduce((total, { report }) => total + of(report), 0);
  const opened = counted.flatMap((each) => each.opened);
  return {
    source,
    from: days[0] ?? today,
    to: days.at(-1) ?? today,
    kept_since: keptSince,
    totals: {
      critical_minutes: sum((report) => report.critical_minutes),
      warning_minutes: sum((report) => report.warning_minutes),
      alerts: sum((report) => report.alerts),
      lead: {
        alerts: opened.filter((each) => each.seconds_to_seen !== null).length,
        ...mediansOf(opened),
      },
    },
    days: counted.map(({ report }) => report),
  };
};

const columns = dayReportSchema.unwrap().keyof().options;

/** The days as CSV. Every value is a number, a date or one of our own words, so nothing needs quotes. */
export const reportCsv = ({ source, days }: Report): string =>
  [
    ['source', ...columns].join(','),
    ...days.map((row) => [source, ...columns.map((column) => row[column] ?? '')].join(',')),
    '',
  ].join('\r\n');
