// Single events and alerts with all that is shown of them only there: histories, attempts, the vendor's object.
import type { DatabaseSync } from 'node:sqlite';
import type { Attempt } from '../../domain/delivery.ts';
import type { HistoryEntry } from '../../domain/history.ts';
import { deliveriesOf, mergeHistory } from '../event-deliveries.ts';
import type { AlertDetail, EventDetail } from '../event-store.ts';
import { parseAttempts, parseHistory } from '../rows.ts';
import { type Row, text } from './columns.ts';
import { createRawReader } from './raws.ts';
import type { Reader } from './reader.ts';

export interface Details {
  readEvent(eventId: string): EventDetail | undefined;
  readAlert(alertId: string): AlertDetail | undefined;
  readRaw(eventId: string): string | undefined;
}

type Attempts = ReadonlyMap<string, readonly Attempt[]>;

const historyOf = (row: Row | undefined): readonly HistoryEntry[] => (row ? parseHistory(text(row, 'history')) : []);

export const createDetails = (db: DatabaseSync, reader: Reader): Details => {
  const ofEvent = db.prepare('SELECT history FROM events WHERE sequence = ?');
  const ofAlert = db.prepare('SELECT history FROM alerts WHERE sequence = ?');
  const attempts = db.prepare("SELECT id, attempts FROM deliveries WHERE alert = ? AND attempts <> ''");
  const raws = createRawReader(db);

  const attemptsOf = (alert: number, deliveries: readonly { readonly id: string }[]): Attempts => {
    const ids = new Set(deliveries.map(({ id }) => id));
    const found = attempts.all(alert).filter((row) => ids.has(text(row, 'id')));
    return new Map(found.map((row) => [text(row, 'id'), parseAttempts(text(row, 'attempts'))]));
  };

  return {
    readEvent(eventId) {
      const stored = reader.findEvent(eventId);
      if (!stored) return undefined;
      const shown = { record: stored.record, rawJson: raws.read(stored.sequence) ?? null };
      const history = historyOf(ofEvent.get(stored.sequence));
      const alertId = stored.record.alert_id;
      const alert = alertId === null ? undefined : reader.findAlert(alertId);
      if (!alert) return { ...shown, deliveries: [], history, attempts: new Map() };
      const deliveries = deliveriesOf(eventId, alert.alert.deliveries);
      return {
        ...shown,
        deliveries,
        history: mergeHistory(eventId, history, historyOf(ofAlert.get(alert.sequence))),
        attempts: attemptsOf(alert.sequence, deliveries),
      };
    },
    readAlert(alertId) {
      const stored = reader.findAlert(alertId);
      if (!stored) return undefined;
      const { sequence, alert } = stored;
      return { alert, history: historyOf(ofAlert.get(sequence)), attempts: attemptsOf(sequence, alert.deliveries) };
    },
    readRaw(eventId) {
      const stored = reader.findEvent(eventId);
      return stored && raws.read(stored.sequence);
    },
  };
};
