// The work that waits: deliveries to be attempted, alerts to be looked at. The cost depends on how many targets there
// are and on how much is asked for, never on how much waits.
import * as z from 'zod';
import { isDue, longestWaitMs } from '../../domain/delivery.ts';
import { toIso } from '../../lib/time.ts';
import type { Backlog, DueAlert, DueDelivery } from '../event-store.ts';
import { parseAlert, parseDelivery } from '../rows.ts';
import { toDueDelivery, waitLimits } from '../urgency.ts';
import type { Session } from './connections.ts';
import { uuidOf } from './keys.ts';

/**
 * Each pair of target and priority once, by jumps along the index; of each the oldest that are due, and those whose time
 * lies further ahead than any wait: a clock has stepped back since. Deliveries that another replica is about to change
 * are left out, rather than waited for.
 */
export const dueSql = `WITH RECURSIVE waiting AS (
    (SELECT target_hash, priority FROM deliveries WHERE status = 'pending' ORDER BY target_hash, priority LIMIT 1)
    UNION ALL
    SELECT next.target_hash, next.priority FROM waiting CROSS JOIN LATERAL (
      SELECT target_hash, priority FROM deliveries
      WHERE status = 'pending' AND (target_hash, priority) > (waiting.target_hash, waiting.priority)
      ORDER BY target_hash, priority LIMIT 1
    ) AS next
  ), chosen AS MATERIALIZED (
    SELECT found.alert, found.place FROM waiting CROSS JOIN (VALUES ('', $1), ($2, '~')) AS time (after, until)
    CROSS JOIN LATERAL (
      SELECT due.alert, due.place FROM deliveries AS due
      WHERE due.status = 'pending' AND due.target_hash = waiting.target_hash AND due.priority = waiting.priority
        AND due.due_at > time.after AND due.due_at <= time.until AND NOT EXISTS (
          SELECT FROM deliveries AS earlier WHERE earlier.status = 'pending'
            AND earlier.alert = due.alert AND earlier.target_hash = due.target_hash AND earlier.place < due.place
        )
      ORDER BY due.due_at, due.alert, due.place LIMIT $3
    ) AS found WHERE waiting.target_hash <> ALL ($4::uuid[])
  )
  SELECT delivery.body, alert.scope FROM chosen
    JOIN deliveries AS delivery ON delivery.alert = chosen.alert AND delivery.place = chosen.place
    JOIN alerts AS alert ON alert.sequence = chosen.alert
  ORDER BY delivery.priority, delivery.created_at, delivery.alert, delivery.place LIMIT $3
  FOR UPDATE OF delivery SKIP LOCKED`;

/** What a key is the key of. */
const fromKey = (key: string): string => z.string().parse(JSON.parse(key));

const dueRow = z.object({ body: z.string(), scope: z.string() });

export const readDueDeliveries = async (
  session: Pick<Session, 'rows'>,
  { nowMs, leaseNowMs }: { readonly nowMs: number; readonly leaseNowMs: number },
  limit: number,
  withoutTargets: readonly string[],
): Promise<readonly DueDelivery[]> => {
  const without = withoutTargets.map(uuidOf);
  // The column has one time, the delivery two, each by its own clock: all are found that may be due by either.
  const untilMs = Math.max(nowMs, leaseNowMs);
  const tooFarMs = Math.max(untilMs, Math.min(nowMs, leaseNowMs) + longestWaitMs);
  for (let most = limit; ; most *= 2) {
    const rows = await session.rows(dueRow, dueSql, [toIso(untilMs), toIso(tooFarMs), most, without]);
    // Only one of its times may be too far ahead to be believed.
    const due = rows.flatMap(({ body, scope }) => {
      const delivery = parseDelivery(body);
      return isDue(delivery, [], nowMs, { ...waitLimits, leaseNowMs }) ? [toDueDelivery(delivery, fromKey(scope))] : [];
    });
    if (due.length >= limit || rows.length < most) return due.slice(0, limit);
  }
};

export const dueAlertsSql = `SELECT body FROM alerts WHERE wake_at <= $1 ORDER BY wake_at, sequence LIMIT $2`;

export const readDueAlerts = async (session: Session, nowMs: number, limit: number): Promise<readonly DueAlert[]> => {
  const rows = await session.rows(z.object({ body: z.string() }), dueAlertsSql, [toIso(nowMs), limit]);
  return rows.map(({ body }) => {
    const { alert_id: alertId, scope, request_id: requestId } = parseAlert(body);
    return { alertId, scope, requestId };
  });
};

const backlogSql = `SELECT target, count(*) AS pending, min(created_at) AS oldest FROM deliveries
  WHERE status = 'pending' GROUP BY target`;

const backlogRow = z.object({ target: z.string(), pending: z.coerce.number(), oldest: z.string() });

export const readBacklog = async (session: Session): Promise<Backlog> => {
  const rows = await session.rows(backlogRow, backlogSql);
  const oldest = rows.map((row) => row.oldest).toSorted();
  return {
    pending: rows.reduce((sum, { pending }) => sum + pending, 0),
    oldestCreatedAt: oldest[0] ?? null,
    byTarget: new Map(rows.map((row) => [fromKey(row.target), { pending: row.pending, oldestCreatedAt: row.oldest }])),
  };
};
