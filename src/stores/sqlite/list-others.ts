// The listings of alerts and of deliveries, newest first.
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../../domain/alert.ts';
import type { AlertPage, AlertQuery, DeliveryPage, DeliveryPosition, DeliveryQuery } from '../event-store.ts';
import { takePage } from '../page.ts';
import { parseTitle, toKey } from '../rows.ts';
import { integer, type Row, text } from './columns.ts';
import { readerSql } from './reader.ts';
import { beyondAll, createSequences } from './sequences.ts';
import { createStatements } from './statements.ts';
import { toAlert, toDelivery } from './stored.ts';

const chunkLength = 256;

/** Few alerts are open, so they have an index; other filters are checked row by row. */
export const listAlertsSql = (isOpen: boolean): string =>
  `SELECT sequence, severity, source, state FROM alerts ${isOpen ? 'INDEXED BY alerts_open' : 'NOT INDEXED'}
    WHERE ${isOpen ? "state = 'open' AND " : ''}sequence < ? AND sequence >= ? ORDER BY sequence DESC LIMIT ?`;

/** Few deliveries are pending or failed, so they have an index too. */
export const listDeliveriesSql = (status: string | undefined): string => {
  const isLittle = status === 'pending' || status === 'failed';
  return `SELECT alert, ordinal, destination, action, status
    FROM deliveries ${isLittle ? 'INDEXED BY deliveries_unsettled' : ''}
    WHERE ${isLittle ? `status IN ('pending', 'failed') AND status = '${status}' AND ` : ''}(alert, ordinal) < (?, ?) AND alert >= ?
    ORDER BY alert DESC, ordinal DESC LIMIT ?`;
};

export interface OtherListers {
  alerts(query: AlertQuery): AlertPage;
  deliveries(query: DeliveryQuery): DeliveryPage;
  show(row: Row): Alert;
}

export const createOtherListers = (db: DatabaseSync, maxScan: number): OtherListers => {
  const statements = createStatements(db);
  const openedFrom = createSequences(db, 'alerts', 'opened_at');
  const alert = db.prepare(readerSql.alert);
  const deliveries = db.prepare(readerSql.deliveries);
  const delivery = db.prepare('SELECT body FROM deliveries WHERE alert = ? AND ordinal = ?');

  const boundsOf = ({ since, until }: Pick<AlertQuery, 'since' | 'until'>) => ({
    end: until === undefined ? beyondAll : openedFrom.from(until),
    from: since === undefined ? 0 : openedFrom.from(since),
  });

  const show = (row: Row): Alert => toAlert(row, deliveries.all(integer(row, 'sequence')).map(toDelivery)).alert;

  const titleAt = (sequence: number) => {
    const row = alert.get(sequence);
    return row ? [parseTitle(text(row, 'body'))] : [];
  };

  function* walkAlerts(query: AlertQuery): Iterable<Row> {
    const { end, from } = boundsOf(query);
    const statement = statements.get(listAlertsSql(query.state === 'open'));
    for (let before = Math.min(end, query.before?.sequence ?? beyondAll); ; ) {
      const rows = statement.all(before, from, chunkLength);
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < chunkLength) return;
      before = integer(last, 'sequence');
    }
  }

  const positionOf = (row: Row): DeliveryPosition => ({
    sequence: integer(row, 'alert'),
    ordinal: integer(row, 'ordinal'),
  });

  function* walkDeliveries(query: DeliveryQuery): Iterable<Row> {
    const { end, from } = boundsOf(query);
    const statement = statements.get(listDeliveriesSql(query.status));
    const { sequence, ordinal } = query.before ?? { sequence: beyondAll, ordinal: 0 };
    // Before the first delivery of the alert at which the span ends, if the last page did not stop earlier.
    for (let before = end <= sequence ? { sequence: end, ordinal: 0 } : { sequence, ordinal }; ; ) {
      const rows = statement.all(before.sequence, before.ordinal, from, chunkLength);
      yield* rows;
      const last = rows.at(-1);
      if (!last || rows.length < chunkLength) return;
      before = positionOf(last);
    }
  }

  return {
    show,
    alerts(query) {
      const asked = (['state', 'severity', 'source'] as const).filter((name) => query[name] !== undefined);
      const { items, next } = takePage(walkAlerts(query), { limit: query.limit, maxScan }, (row) => {
        if (!asked.every((name) => text(row, name) === query[name])) return undefined;
        const found = alert.get(integer(row, 'sequence'));
        return found && show(found);
      });
      return { alerts: items, next: next ? { sequence: integer(next, 'sequence') } : null };
    },
    deliveries(query) {
      const destination = query.destination === undefined ? undefined : toKey(query.destination);
      const isAsked = (row: Row): boolean =>
        (query.status === undefined || text(row, 'status') === query.status) &&
        (query.action === undefined || text(row, 'action') === query.action) &&
        (destination === undefined || text(row, 'destination') === destination);
      const { items, next } = takePage(walkDeliveries(query), { limit: query.limit, maxScan }, (row) => {
        const found = isAsked(row) ? delivery.get(integer(row, 'alert'), integer(row, 'ordinal')) : undefined;
        return found && { delivery: toDelivery(found), alert: integer(row, 'alert') };
      });
      const sequences = query.withTitles ? new Set(items.map((item) => item.alert)) : [];
      return {
        deliveries: items.map((item) => item.delivery),
        titles: new Map([...sequences].flatMap(titleAt)),
        next: next ? positionOf(next) : null,
      };
    },
  };
};
