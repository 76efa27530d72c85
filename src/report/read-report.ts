// Reads the report of a vendor: the rows that are kept, with what is open now laid over them.
import type { EventStore } from '../stores/event-store.ts';
import { type DayRow, type Month, monthKey, readMonth, withShare } from './day-row.ts';
import { sinceKey, sinceSchema } from './keeper.ts';
import { buildReport, type Report } from './report.ts';
import { dayOf, daysBetween, sharesOf } from './shares.ts';

const maxOpen = 1000;

export interface ReadReportDeps {
  readonly store: Pick<EventStore, 'loadState' | 'listAlerts'>;
  readonly sources: () => readonly string[];
  readonly now: () => number;
}

/** From day to day, both included. Undefined for a source that is not known. Rejects with `StoreUnavailable`. */
export type ReadReport = (source: string, from: string, to: string) => Promise<Report | undefined>;

export const createReadReport =
  ({ store, sources, now }: ReadReportDeps): ReadReport =>
  async (source, from, to) => {
    const days = daysBetween(from, to);
    const names = [...new Set(days.map((day) => day.slice(0, 7)))];
    const [since, open, ...states] = await Promise.all([
      store.loadState(sinceKey(source)),
      store.listAlerts({ source, state: 'open', limit: maxOpen }),
      ...names.map((month) => store.loadState(monthKey(source, month))),
    ]);
    const kept = sinceSchema.safeParse(since).data?.day ?? null;
    if (kept === null && open.alerts.length === 0 && !sources().includes(source)) return undefined;
    const months = new Map<string, Month>(names.map((name, at) => [name, readMonth(states[at])]));
    for (const alert of open.alerts) {
      for (const [day, share] of sharesOf(alert, now())) {
        const month = months.get(day.slice(0, 7));
        if (month) months.set(day.slice(0, 7), withShare(month, day, alert.alert_id, share));
      }
    }
    const rowOf = (day: string): DayRow | undefined => months.get(day.slice(0, 7))?.days[day];
    return buildReport({ source, days, rowOf, keptSince: kept, today: dayOf(now()) });
  };
