// Keeps the rows of the report. It follows the store's own feed of changes from a cursor that is stored too, so it sees
// each alert at least once, also one that another replica changed, and after a run that was cut off.
import * as z from 'zod';
import type { Alert } from '../domain/alert.ts';
import { createFaultLog } from '../lib/fault-log.ts';
import type { Log } from '../lib/log.ts';
import { type Repeating, repeat } from '../lib/repeat.ts';
import type { EventStore } from '../stores/event-store.ts';
import { type Month, monthKey, readMonth, withShare } from './day-row.ts';
import { dayOf, sharesOf } from './shares.ts';

const everyMs = 15_000;
const leaseMs = 60_000;
const batch = 200;
/** An older store may hold more alerts than anybody wants to wait for. */
const maxPages = 50;

const positionKey = 'report:position';
const positionSchema = z.object({ cursor: z.string() });
export const sinceKey = (source: string): string => `report:since:${source}`;
export const sinceSchema = z.object({ day: z.string() });

export interface KeeperDeps {
  readonly store: Pick<EventStore, 'changes' | 'changeState' | 'loadState' | 'saveState' | 'tryLease' | 'listAlerts'>;
  /** Every source that there is now. */
  readonly sources: () => readonly string[];
  readonly log: Log;
  readonly now: () => number;
}

export interface Keeper {
  start(): void;
  /** Records what has changed since the last time. Rejects with `StoreUnavailable`. */
  run(): Promise<void>;
  stop(): Promise<void>;
}

export const createKeeper = ({ store, sources, log, now }: KeeperDeps): Keeper => {
  /** The sources whose first day is known to be stored. */
  const begun = new Set<string>();
  const fault = createFaultLog(log, { failed: 'report.not_recorded', over: 'report.recorded_again', level: 'warn' });
  let repeating: Repeating | undefined;

  const begin = async (source: string, day: string): Promise<void> => {
    if (begun.has(source)) return;
    await store.changeState(sinceKey(source), (state) => {
      const known = sinceSchema.safeParse(state).data;
      return { state: known ?? { day }, result: undefined };
    });
    begun.add(source);
  };

  const record = async (alerts: readonly Alert[]): Promise<void> => {
    const months = new Map<string, ((month: Month) => Month)[]>();
    for (const alert of alerts) {
      for (const [day, share] of sharesOf(alert, null)) {
        const key = monthKey(alert.source, day.slice(0, 7));
        const changes = months.get(key) ?? [];
        changes.push((month) => withShare(month, day, alert.alert_id, share));
        months.set(key, changes);
      }
    }
    for (const [key, changes] of months) {
      await store.changeState(key, (state) => ({
        state: changes.reduce((month, change) => change(month), readMonth(state)),
        result: undefined,
      }));
    }
  };

  /** Everything that is stored, the first time and when the feed cannot tell what was missed. */
  const recordAll = async (): Promise<string> => {
    const changes = await store.changes(null, 1);
    let before: Awaited<ReturnType<typeof store.listAlerts>>['next'] | undefined;
    for (let page = 0; page < maxPages && before !== null; page++) {
      const { alerts, next } = await store.listAlerts({ limit: batch, before });
      await record(alerts);
      for (const { source, opened_at: openedAt } of alerts.toReversed()) await begin(source, openedAt.slice(0, 10));
      before = next;
    }
    return changes === 'lost' ? '' : changes.cursor;
  };

  const follow = async (from: string): Promise<string> => {
    let cursor = from;
    for (let page = 0; page < maxPages; page++) {
      const changes = await store.changes(cursor, batch, 'alerts');
      if (changes === 'lost') return recordAll();
      await record(changes.alerts);
      cursor = changes.cursor;
      if (changes.alerts.length < batch) break;
    }
    return cursor;
  };

  const run = async (): Promise<void> => {
    if (!(await store.tryLease('report', leaseMs))) return;
    const position = positionSchema.safeParse(await store.loadState(positionKey)).data;
    const cursor = position === undefined ? await recordAll() : await follow(position.cursor);
    if (cursor !== position?.cursor) await store.saveState(positionKey, { cursor });
    for (const source of sources()) await begin(source, dayOf(now()));
  };

  const runSafely = (): Promise<void> => run().then(fault.worked, fault.failed);

  return {
    start() {
      repeating = repeat(runSafely, everyMs);
      void runSafely();
    },
    run,
    async stop() {
      await repeating?.stop();
    },
  };
};
