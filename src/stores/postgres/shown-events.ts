// An event as it is shown: with the deliveries of its alert, in one statement, so that both are of one moment.
import * as z from 'zod';
import type { Delivery } from '../../domain/delivery.ts';
import { deliveriesOf } from '../event-deliveries.ts';
import type { EventWithDeliveries } from '../event-store.ts';
import { parseDelivery } from '../rows.ts';
import { eventColumns, eventRow, toStoredEvent } from './event-rows.ts';

/** What to select of `events AS event`. An alert's deliveries come with one of its events, for it may have hundreds. */
export const shownColumns = `${eventColumns}, event.alert_hash,
  CASE WHEN row_number() OVER (PARTITION BY event.alert_hash ORDER BY event.sequence) = 1 THEN ARRAY(
    SELECT delivery.body FROM alerts AS alert JOIN deliveries AS delivery ON delivery.alert = alert.sequence
    WHERE alert.alert_hash = event.alert_hash ORDER BY delivery.place
  ) END AS deliveries`;

export const rawColumn = '(SELECT raw.body FROM raws AS raw WHERE raw.event = event.sequence) AS raw';

export const shownRow = eventRow.extend({
  alert_hash: z.string().nullable(),
  deliveries: z.array(z.string()).nullable(),
  raw: z.string().nullable().default(null),
});

/** In the order of the rows. */
export const toShown = (rows: readonly z.infer<typeof shownRow>[]): readonly EventWithDeliveries[] => {
  const ofAlerts = new Map<string, readonly Delivery[]>();
  for (const { alert_hash: alertHash, deliveries } of rows) {
    if (alertHash !== null && deliveries) ofAlerts.set(alertHash, deliveries.map(parseDelivery));
  }
  return rows.map((row) => {
    const { record } = toStoredEvent(row);
    const ofAlert = ofAlerts.get(row.alert_hash ?? '') ?? [];
    return { record, deliveries: deliveriesOf(record.event.event_id, ofAlert), rawJson: row.raw };
  });
};
