// An event as it is read: with its deliveries, in one statement, so that both are of one moment.
import { hash } from 'node:crypto';
import * as z from 'zod';
import type { EventRecord } from '../event-store.ts';
import { toKey, toRecord } from '../rows.ts';

/** What stands for a text of any length, and of any characters, in a key or a filter. */
export const hashOf = (text: string): string => hash('sha256', toKey(text), 'base64url');

export interface StoredEvent {
  readonly sequence: number;
  readonly record: EventRecord;
}

/** What to select of `events AS event`. */
export const eventColumns = `event.event_hash, event.sequence, event.body, event.last_seen_at, event.seen_count,
  ARRAY(SELECT body FROM deliveries WHERE deliveries.event = event.sequence ORDER BY ordinal) AS deliveries`;

export const eventRow = z.object({
  event_hash: z.string(),
  // The driver gives a bigint as text.
  sequence: z.coerce.number(),
  body: z.string(),
  last_seen_at: z.string(),
  seen_count: z.coerce.number(),
  deliveries: z.array(z.string()),
});

export const toStoredEvent = ({ sequence, deliveries, ...row }: z.infer<typeof eventRow>): StoredEvent => ({
  sequence,
  record: toRecord(
    row,
    deliveries.map((body) => ({ body })),
  ),
});
