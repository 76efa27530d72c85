// What is kept for the report: a row a vendor and day, as a state of the store, so that it outlives the events and alerts
// that it was made from. A row names its alerts, so that recording one again replaces what it said before.
import * as z from 'zod';
import { severities } from '../domain/event.ts';

/** From and to, in milliseconds since 1970. */
const spanSchema = z.tuple([z.number(), z.number()]).readonly();
export type Span = z.infer<typeof spanSchema>;

const seconds = z.number().nonnegative().nullable();

const openedSchema = z.object({
  severity: z.enum(severities),
  /** From the vendor's own start to our first sight, and to the first person told; null where that is not known. */
  seconds_to_seen: seconds,
  seconds_to_notified: seconds,
});

/** What one alert adds to one day. */
const shareSchema = z.object({
  critical: z.array(spanSchema).readonly(),
  warning: z.array(spanSchema).readonly(),
  /** Null on every day but the one on which it was opened. */
  opened: openedSchema.readonly().nullable(),
});
export type Share = Readonly<z.infer<typeof shareSchema>>;

const rowSchema = z.object({
  alerts: z.record(z.string(), shareSchema.readonly()).readonly(),
  /** Alerts beyond `maxNamed`: the spans of all of them, and how many were opened. */
  others: shareSchema.pick({ critical: true, warning: true }).extend({ opened: z.int().nonnegative() }).readonly(),
});
export type DayRow = Readonly<z.infer<typeof rowSchema>>;

/** By day, `2026-03-01`, in UTC. */
const monthSchema = z.object({ days: z.record(z.string(), rowSchema).readonly() });
export type Month = Readonly<z.infer<typeof monthSchema>>;

const maxNamed = 100;
/** A day on which nothing was recorded. */
export const emptyRow: DayRow = { alerts: {}, others: { critical: [], warning: [], opened: 0 } };

export const monthKey = (source: string, month: string): string => `report:${source}:${month}`;
export const readMonth = (state: unknown): Month => monthSchema.safeParse(state).data ?? { days: {} };

/** Spans without overlaps, in order. */
export const unite = (spans: readonly Span[]): readonly Span[] => {
  const united: [number, number][] = [];
  for (const [from, to] of spans.toSorted(([a], [b]) => a - b)) {
    const last = united.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else united.push([from, to]);
  }
  return united;
};

const withOther = ({ alerts, others }: DayRow, share: Share): DayRow => ({
  alerts,
  others: {
    critical: unite([...others.critical, ...share.critical]),
    warning: unite([...others.warning, ...share.warning]),
    opened: others.opened + (share.opened === null ? 0 : 1),
  },
});

/** The month with what an alert adds to one of its days. */
export const withShare = ({ days }: Month, day: string, alertId: string, share: Share): Month => {
  const row = days[day] ?? emptyRow;
  // Others were counted only once there was no room for a name.
  const hasRoom = row.others.opened === 0 && Object.keys(row.alerts).length < maxNamed;
  const isNamed = alertId in row.alerts || hasRoom;
  const next = isNamed ? { ...row, alerts: { ...row.alerts, [alertId]: share } } : withOther(row, share);
  return { days: { ...days, [day]: next } };
};
