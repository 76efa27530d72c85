// An event as a row: what is read of it, and what is written.
import * as z from 'zod';
import type { EventRecord } from '../../domain/event-record.ts';
import { parseEvent, toEventBody } from '../event-body.ts';
import { toEventColumns } from '../rows.ts';
import { wordsOf } from '../search-words.ts';
import { numbersOf, uuidOf } from './keys.ts';
import { defineRelation } from './relation.ts';

/** An event as it was read. */
export interface StoredEvent {
  readonly sequence: number;
  /** Of the row; another one when somebody changed it. */
  readonly revision: string;
  readonly record: EventRecord;
}

/** What to select of `events AS event`. */
export const eventColumns = `event.sequence, event.xmin::text AS revision, event.alert_is_open, event.first_seen_at,
  event.last_seen_at, event.seen_count, event.body`;

export const eventRow = z.object({
  // The driver gives a bigint as text.
  sequence: z.coerce.number(),
  revision: z.string(),
  alert_is_open: z.boolean(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  seen_count: z.coerce.number(),
  body: z.string(),
});

export const toStoredEvent = ({ sequence, revision, body, ...columns }: z.infer<typeof eventRow>): StoredEvent => ({
  sequence,
  revision,
  record: parseEvent(columns, body),
});

const changing = [
  ['combination', 'integer'],
  ['alert_hash', 'uuid'],
  ['ends_scope', 'uuid'],
  ['is_ongoing', 'boolean'],
  ['alert_is_open', 'boolean'],
  ['last_seen_at', 'text'],
  ['seen_count', 'bigint'],
  ['words', 'int4[]'],
  ['body', 'text'],
  ['history', 'text'],
] as const;

export const newEventRelation = defineRelation([
  ...changing,
  ['event_hash', 'uuid'],
  ['first_seen_at', 'text'],
  ['raw', 'text'],
]);

export const eventRelation = defineRelation([
  ...changing,
  ['sequence', 'bigint'],
  ['revision', 'text'],
  ['is_told', 'boolean'],
]);

/** The columns that change while the event itself does not. */
export const sightingRelation = defineRelation([
  ['sequence', 'bigint'],
  ['revision', 'text'],
  ['is_told', 'boolean'],
  ['last_seen_at', 'text'],
  ['seen_count', 'bigint'],
]);

export const changingColumns = changing.map(([name]) => name).filter((name) => name !== 'history');

export const toEventRow = (record: EventRecord, combination: number, history: string) => {
  const { alert_key: _alert, scope_key: endsScope, ongoing, ...columns } = toEventColumns(record);
  return {
    ...columns,
    combination,
    event_hash: uuidOf(record.event.event_id),
    alert_hash: record.alert_id === null ? null : uuidOf(record.alert_id),
    ends_scope: endsScope === null ? null : uuidOf(record.scope),
    is_ongoing: ongoing !== null,
    words: `{${numbersOf(wordsOf(record)).join(',')}}`,
    body: toEventBody(record),
    history,
  };
};
