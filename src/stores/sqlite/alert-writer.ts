// Writes alerts and their deliveries, again only what a change altered.
import type { DatabaseSync } from 'node:sqlite';
import type { Attempt, Delivery } from '../../domain/delivery.ts';
import type { AlertChange } from '../../domain/settle-alert.ts';
import { type AlertNews, newsOf } from '../change-feed.ts';
import { isAppended } from '../is-appended.ts';
import { toDeliveryColumns, toHistoryLines, toLines } from '../rows.ts';
import type { AlertRows } from './alert-rows.ts';
import { text } from './columns.ts';
import type { Recent } from './recent.ts';
import type { StoredAlert } from './stored.ts';

export interface AlertWriter {
  /** Makes what writes the change, which gives what is to be told of it. */
  plan(stored: StoredAlert | undefined, change: AlertChange): () => AlertNews;
  planAttempt(deliveryId: string, attempt: Attempt): () => void;
}

interface DeliveryRow {
  readonly ordinal: number;
  readonly id: string;
  readonly fixed: readonly (string | number)[];
  readonly changing: readonly (string | null)[];
}

const toRow = (delivery: Delivery, ordinal: number): DeliveryRow => {
  const { id, target, destination, action, status, priority, due_at, created_at } = toDeliveryColumns(delivery);
  return {
    ordinal,
    id,
    fixed: [target, action, priority, created_at],
    changing: [status, destination, due_at, JSON.stringify(delivery)],
  };
};

const nothing: readonly Delivery[] = [];

export const createAlertWriter = (db: DatabaseSync, rows: AlertRows, recent: Recent<StoredAlert>): AlertWriter => {
  const insertDelivery = db.prepare(
    `INSERT INTO deliveries (alert, ordinal, id, target, action, priority, created_at, status, destination, due_at, body,
      attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const updateDelivery = db.prepare(
    'UPDATE deliveries SET status = ?, destination = ?, due_at = ?, body = ? WHERE alert = ? AND ordinal = ?',
  );
  const attemptsOf = db.prepare('SELECT id, attempts FROM deliveries WHERE alert = ?');
  const dropDeliveries = db.prepare('DELETE FROM deliveries WHERE alert = ?');
  const addAttempt = db.prepare('UPDATE deliveries INDEXED BY deliveries_id SET attempts = attempts || ? WHERE id = ?');

  const putDelivery = (alert: number, { ordinal, id, fixed, changing }: DeliveryRow, attempts: string): void => {
    insertDelivery.run(alert, ordinal, id, ...fixed, ...changing, attempts);
  };

  const planDeliveries = (before: readonly Delivery[], after: readonly Delivery[]): ((alert: number) => void) => {
    if (!isAppended(before, after)) {
      const rows = after.map(toRow);
      return (alert) => {
        const attempts = new Map(attemptsOf.all(alert).map((row) => [text(row, 'id'), text(row, 'attempts')]));
        dropDeliveries.run(alert);
        for (const row of rows) putDelivery(alert, row, attempts.get(row.id) ?? '');
      };
    }
    const rows = after.flatMap((delivery, at) => (delivery === before[at] ? [] : [toRow(delivery, at)]));
    return (alert) => {
      for (const row of rows) {
        if (row.ordinal < before.length) updateDelivery.run(...row.changing, alert, row.ordinal);
        else putDelivery(alert, row, '');
      }
    };
  };

  return {
    plan(stored, { alert, history }) {
      const news = newsOf(stored?.alert, alert);
      const lines = toHistoryLines(history);
      const writeDeliveries = planDeliveries(stored?.alert.deliveries ?? nothing, alert.deliveries);
      return () => {
        const sequence = stored?.sequence ?? rows.insert(alert, lines);
        if (stored) rows.change(stored, alert, lines, news.isTold);
        writeDeliveries(sequence);
        recent.keep(sequence, { sequence, alert });
        return news;
      };
    },
    planAttempt(deliveryId, attempt) {
      const lines = toLines([attempt]);
      return () => void addAttempt.run(lines, deliveryId);
    },
  };
};
