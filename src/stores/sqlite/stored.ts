// Rows as the records that they hold.
import type { Alert } from '../../domain/alert.ts';
import type { Delivery } from '../../domain/delivery.ts';
import type { EventRecord } from '../../domain/event-record.ts';
import { parseEvent } from '../event-body.ts';
import { parseAlert, parseDelivery } from '../rows.ts';
import { integer, type Row, text } from './columns.ts';

export interface StoredEvent {
  readonly sequence: number;
  readonly record: EventRecord;
}

export interface StoredAlert {
  readonly sequence: number;
  readonly alert: Alert;
}

export const eventColumns = 'sequence, alert_is_open, first_seen_at, last_seen_at, seen_count, body';

/** @throws {ZodError} when the row is none that this version wrote or carried over */
export const toEvent = (row: Row): StoredEvent => ({
  sequence: integer(row, 'sequence'),
  record: parseEvent(
    {
      alert_is_open: integer(row, 'alert_is_open') === 1,
      first_seen_at: text(row, 'first_seen_at'),
      last_seen_at: text(row, 'last_seen_at'),
      seen_count: integer(row, 'seen_count'),
    },
    text(row, 'body'),
  ),
});

export const toAlert = (row: Row, deliveries: readonly Delivery[]): StoredAlert => ({
  sequence: integer(row, 'sequence'),
  alert: { ...parseAlert(text(row, 'body')), deliveries },
});

export const toDelivery = (row: Row): Delivery => parseDelivery(text(row, 'body'));
