// Records as rows, the same for every SQL backend. What is searched for has a column; everything else is one JSON text.
// All text goes in as JSON: it is ASCII where it must be, so NUL and lone surrogates survive every database.
import type { Delivery } from '../domain/delivery.ts';
import { awaitsEnd } from './awaits-end.ts';
import type { EventRecord, HistoryEntry } from './event-store.ts';

/** A text as a key or a filter column: distinct texts give distinct keys, and every key is well-formed. */
export const toKey = (text: string): string => JSON.stringify(text);

/** What is searched for, counted or compared. */
export interface EventColumns {
  readonly event_key: string;
  readonly source: string;
  readonly kind: string;
  readonly severity: string;
  readonly service_key: string;
  readonly is_open: boolean;
  /** The vendor has still to tell that it is over. */
  readonly awaits_end: boolean;
  readonly routed: boolean;
  readonly undecided: boolean;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly seen_count: number;
}

export interface EventRow extends EventColumns {
  readonly body: string;
}

export interface DeliveryRow {
  readonly id: string;
  readonly event_key: string;
  readonly destination: string;
  /** Deliveries of one event to one destination go out in this order. */
  readonly position: number;
  readonly status: string;
  /** From when on an attempt may begin, blocked or not; null once it is not pending. */
  readonly due_at: string | null;
  readonly body: string;
}

export const toEventColumns = (record: EventRecord): EventColumns => {
  const { event, version, routed_version: routedVersion, routed, first_seen_at, last_seen_at, seen_count } = record;
  const isOpen = event.resolved_at === null;
  return {
    event_key: toKey(event.event_id),
    source: event.source,
    kind: event.kind,
    severity: event.severity,
    service_key: toKey(event.service),
    is_open: isOpen,
    awaits_end: awaitsEnd(record),
    routed,
    undecided: routedVersion < version,
    first_seen_at,
    last_seen_at,
    seen_count,
  };
};

/** All of the record that no column holds and no other table. */
export const toEventBody = (record: EventRecord): string => {
  const { deliveries: _deliveries, last_seen_at: _lastSeenAt, seen_count: _seenCount, ...kept } = record;
  return JSON.stringify(kept);
};

export const toEventRow = (record: EventRecord): EventRow => ({ ...toEventColumns(record), body: toEventBody(record) });

export const toDeliveryRow = (delivery: Delivery): DeliveryRow => {
  const { id, event_id: eventId, destination, cycle, action, status } = delivery;
  const times = [delivery.next_attempt_at, delivery.leased_until].filter((time) => time !== null);
  return {
    id,
    event_key: toKey(eventId),
    destination,
    position: cycle * 2 + (action === 'resolve' ? 1 : 0),
    status,
    due_at: status === 'pending' ? (times.toSorted().at(-1) ?? delivery.created_at) : null,
    body: JSON.stringify(delivery),
  };
};

/** The rows' own columns win over what the body had when it was written. */
export const toRecord = (
  row: Pick<EventRow, 'body' | 'last_seen_at' | 'seen_count'>,
  deliveries: readonly Pick<DeliveryRow, 'body'>[],
): EventRecord => ({
  ...JSON.parse(row.body),
  last_seen_at: row.last_seen_at,
  seen_count: row.seen_count,
  deliveries: deliveries.map(({ body }) => JSON.parse(body)),
});

export const toHistory = (bodies: readonly { readonly body: string }[]): readonly HistoryEntry[] =>
  bodies.map(({ body }) => JSON.parse(body));

const beyondSightings = [
  'event',
  'subject',
  'vendor_updated_at',
  'test_mode',
  'closed_by_hand',
  'version',
  'routed_version',
  'routed',
  'routing_reason',
  'request_id',
  'deliveries',
] as const;

/** Whether nothing changed but when, and how often, the event was seen: two columns, and the commonest change of all. */
export const isOnlySighting = (before: EventRecord, after: EventRecord): boolean =>
  beyondSightings.every((field) => before[field] === after[field]);

/** The deliveries that a change added or altered. */
export const changedDeliveries = (before: readonly Delivery[], after: readonly Delivery[]): readonly Delivery[] => {
  const known = new Set(before);
  return after.filter((delivery) => !known.has(delivery));
};
