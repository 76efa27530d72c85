// What is written, as rows of the tables.
import type { Delivery } from '../../domain/delivery.ts';
import type { EventRecord } from '../event-store.ts';
import { isNews } from '../news.ts';
import { toDeliveryRow, toEventRow, toKey } from '../rows.ts';
import { defineRelation } from './relation.ts';
import { hashOf } from './stored-event.ts';

export const eventRelation = defineRelation([
  ['event_hash', 'text'],
  ['source', 'text'],
  ['kind', 'text'],
  ['severity', 'text'],
  ['service_hash', 'text'],
  ['is_open', 'boolean'],
  ['awaits_end', 'boolean'],
  ['routed', 'boolean'],
  ['undecided', 'boolean'],
  ['owes', 'boolean'],
  ['first_seen_at', 'text'],
  ['last_seen_at', 'text'],
  ['seen_count', 'bigint'],
  ['body', 'text'],
]);

/** The columns that change while the event itself does not. */
export const sightingRelation = defineRelation([
  ['event', 'bigint'],
  ['owes', 'boolean'],
  ['last_seen_at', 'text'],
  ['seen_count', 'bigint'],
  ['is_news', 'boolean'],
]);

export const deliveryRelation = defineRelation([
  ['event', 'bigint'],
  ['ordinal', 'integer'],
  ['destination_key', 'text'],
  ['position', 'bigint'],
  ['status', 'text'],
  ['due_at', 'text'],
  ['body', 'text'],
]);

export const lengthRelation = defineRelation([
  ['event', 'bigint'],
  ['length', 'integer'],
]);

/** Of `history`, and of `attempts`. */
export const logRelation = defineRelation([
  ['event', 'bigint'],
  ['body', 'text'],
]);

export const owes = ({ deliveries }: EventRecord): boolean => deliveries.some(({ status }) => status === 'pending');

export const eventRowOf = (record: EventRecord) => ({
  ...toEventRow(record),
  event_hash: hashOf(record.event.event_id),
  service_hash: hashOf(record.event.service),
  owes: owes(record),
});

export const sightingRowOf = (event: number, before: EventRecord, record: EventRecord) => ({
  event,
  is_news: isNews(before, record),
  owes: owes(record),
  last_seen_at: record.last_seen_at,
  seen_count: record.seen_count,
});

export const deliveryRowOf = (event: number, ordinal: number, delivery: Delivery) => {
  const { destination, ...row } = toDeliveryRow(delivery);
  return { ...row, event, ordinal, destination_key: toKey(destination) };
};

export const logRowOf = (event: number, entry: unknown) => ({ event, body: JSON.stringify(entry) });
