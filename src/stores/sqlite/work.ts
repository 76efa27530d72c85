// The work that waits: deliveries to be attempted, alerts to be looked at.
import type { DatabaseSync } from 'node:sqlite';
import { type Delivery, isDue, longestWaitMs } from '../../domain/delivery.ts';
import { toIso } from '../../lib/time.ts';
import type { Backlog, DueAlert, DueDelivery, EventStore } from '../event-store.ts';
import { parseAlert, toKey } from '../rows.ts';
import { toDueDelivery, waitLimits } from '../urgency.ts';
import { integer, type Row, text } from './columns.ts';
import type { Reader } from './reader.ts';
import { createSequences } from './sequences.ts';
import { toDelivery } from './stored.ts';

export const workSql = {
  // Those that wait for an earlier delivery of their alert are few: one is in flight, or from before a reopening.
  due: `SELECT alert, target, body FROM deliveries AS due INDEXED BY deliveries_pending
    WHERE status = 'pending' AND (due_at <= ? OR due_at > ?) AND NOT EXISTS (
      SELECT 1 FROM deliveries AS earlier
      WHERE earlier.alert = due.alert AND earlier.ordinal < due.ordinal
        AND earlier.target = due.target AND earlier.status = 'pending'
    ) ORDER BY priority, created_at, alert, ordinal`,
  scope: 'SELECT body FROM alerts WHERE sequence = ?',
  backlog: `SELECT target, count(*) AS pending, min(created_at) AS oldest
    FROM deliveries INDEXED BY deliveries_pending WHERE status = 'pending' GROUP BY target`,
  waking: 'SELECT body FROM alerts INDEXED BY alerts_wake WHERE wake_at <= ? ORDER BY wake_at, sequence LIMIT ?',
  storm: 'SELECT count(*) AS opened FROM alerts INDEXED BY alerts_storm WHERE storm_key = ? AND sequence >= ?',
  newestOfStorm: 'SELECT max(sequence) AS newest FROM alerts INDEXED BY alerts_storm WHERE storm_key = ?',
  delivery: 'SELECT body FROM deliveries INDEXED BY deliveries_id WHERE id = ?',
} as const;

type Storm = Awaited<ReturnType<EventStore['stormOf']>>;

export interface Work {
  findDelivery(deliveryId: string): Delivery | undefined;
  dueDeliveries(nowMs: number, limit: number, withoutTargets: readonly string[]): readonly DueDelivery[];
  dueAlerts(nowMs: number, limit: number): readonly DueAlert[];
  stormOf(stormKey: string, since: string): Storm;
  backlog(): Backlog;
}

/** @param alerts reads an alert, or remembers it as it was read or written last */
export const createWork = (db: DatabaseSync, alerts: Pick<Reader, 'alertAt'>): Work => {
  const due = db.prepare(workSql.due);
  const alertBody = db.prepare(workSql.scope);
  const backlog = db.prepare(workSql.backlog);
  const waking = db.prepare(workSql.waking);
  const storm = db.prepare(workSql.storm);
  const newestOfStorm = db.prepare(workSql.newestOfStorm);
  const delivery = db.prepare(workSql.delivery);
  const openedSince = createSequences(db, 'alerts', 'opened_at');

  const toDue = (row: Row, nowMs: number): DueDelivery | undefined => {
    const found = toDelivery(row);
    // The column has one time, the delivery two, of which only one may be too far ahead to be believed.
    if (!isDue(found, [], nowMs, waitLimits)) return undefined;
    const alert = alertBody.get(integer(row, 'alert'));
    return alert && toDueDelivery(found, parseAlert(text(alert, 'body')).scope);
  };

  return {
    findDelivery(deliveryId) {
      const row = delivery.get(deliveryId);
      const found = row && toDelivery(row);
      return found?.id === deliveryId ? found : undefined;
    },
    dueDeliveries(nowMs, limit, withoutTargets) {
      const leftOut = new Set(withoutTargets.map(toKey));
      const found: DueDelivery[] = [];
      for (const row of due.iterate(toIso(nowMs), toIso(nowMs + longestWaitMs))) {
        if (found.length === limit) break;
        const each = leftOut.has(text(row, 'target')) ? undefined : toDue(row, nowMs);
        if (each) found.push(each);
      }
      return found;
    },
    dueAlerts: (nowMs, limit) =>
      waking.all(toIso(nowMs), limit).map((row) => {
        const alert = parseAlert(text(row, 'body'));
        return { alertId: alert.alert_id, scope: alert.scope, requestId: alert.request_id };
      }),
    stormOf(stormKey, since) {
      const key = toKey(stormKey);
      const opened = integer(storm.get(key, openedSince.from(since)), 'opened');
      const newest = newestOfStorm.get(key);
      // A storm's alert has hundreds of events, and each event of the storm asks for it.
      return { opened, newest: newest?.newest === null ? undefined : alerts.alertAt(integer(newest, 'newest'))?.alert };
    },
    backlog() {
      const byTarget = new Map<string, { pending: number; oldestCreatedAt: string }>();
      let pending = 0;
      let oldest: string | null = null;
      for (const row of backlog.iterate()) {
        const [count, createdAt] = [integer(row, 'pending'), text(row, 'oldest')];
        const target: string = JSON.parse(text(row, 'target'));
        byTarget.set(target, { pending: count, oldestCreatedAt: createdAt });
        pending += count;
        if (oldest === null || createdAt < oldest) oldest = createdAt;
      }
      return { pending, oldestCreatedAt: oldest, byTarget };
    },
  };
};
