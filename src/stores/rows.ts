// Records as rows, the same for every SQL backend. What is searched for or changes often has a column; everything else is
// one JSON text. Texts of others go in as JSON: NUL and lone surrogates are escaped there, and survive every database.
import { type AlertRecord, alertRecordSchema } from '../domain/alert.ts';
import { type Attempt, attemptSchema, type Delivery, deliverySchema } from '../domain/delivery.ts';
import { type EventRecord, eventRecordSchema, isOngoing } from '../domain/event-record.ts';
import { type HistoryEntry, historyEntrySchema } from '../domain/history.ts';
import { isOfScope } from './selection.ts';
import { priorityOf } from './urgency.ts';

/** A text as a key: distinct texts give distinct keys, and every key is well-formed. */
export const toKey = (text: string): string => JSON.stringify(text);

const toKeyOrNull = (text: string | null): string | null => (text === null ? null : toKey(text));

/** The columns of an event beside its combination, revision and texts. */
export interface EventColumns {
  readonly event_key: string;
  readonly alert_key: string | null;
  /** Its scope, where others have to find it by that; see `isOfScope`. */
  readonly scope_key: string | null;
  /** Its source, while its vendor has still to tell that it is over. */
  readonly ongoing: string | null;
  readonly alert_is_open: boolean;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly seen_count: number;
}

export const toEventColumns = (record: EventRecord): EventColumns => ({
  event_key: toKey(record.event.event_id),
  alert_key: toKeyOrNull(record.alert_id),
  scope_key: isOfScope(record) ? toKey(record.scope) : null,
  ongoing: isOngoing(record) ? record.event.source : null,
  alert_is_open: record.alert_is_open,
  first_seen_at: record.first_seen_at,
  last_seen_at: record.last_seen_at,
  seen_count: record.seen_count,
});

/** What most events have is left out of their bodies: of a payment that failed, a fifth of its bytes. */
const usual = {
  vendor_updated_at: null,
  test_mode: false,
  closed_by_hand: null,
  alert_id: null,
  alerts_opened: 0,
  routed: false,
  routing_reason: null,
} as const;
const usualEvent = { description: null, resolved_at: null } as const;
const usualTraits = { name: null, components: [], group: null, pageSize: 0 } as const;

const unless = <T>(value: T, left: unknown): T | undefined => (value === left ? undefined : value);

/** All of the record that changes without its body being written anew has a column, and is not in it. */
export const toEventBody = (record: EventRecord): string => {
  const { alert_is_open: _open, first_seen_at: _first, last_seen_at: _last, seen_count: _count, ...kept } = record;
  const { event, traits } = record;
  return JSON.stringify({
    ...kept,
    event: {
      ...event,
      description: unless(event.description, null),
      resolved_at: unless(event.resolved_at, null),
    },
    traits: {
      item: traits.item,
      name: unless(traits.name, null),
      components: traits.components.length === 0 ? undefined : traits.components,
      group: unless(traits.group, null),
      pageSize: unless(traits.pageSize, 0),
    },
    subject: unless(record.subject, event.event_id),
    scope: unless(record.scope, event.event_id),
    vendor_updated_at: unless(record.vendor_updated_at, null),
    test_mode: unless(record.test_mode, false),
    closed_by_hand: unless(record.closed_by_hand, null),
    alert_id: unless(record.alert_id, null),
    alerts_opened: unless(record.alerts_opened, 0),
    routed: unless(record.routed, false),
    routing_reason: unless(record.routing_reason, null),
  });
};

/** @throws {ZodError} when the body is none of this version */
export const parseEvent = (
  columns: Pick<EventColumns, 'alert_is_open' | 'first_seen_at' | 'last_seen_at' | 'seen_count'>,
  body: string,
): EventRecord => {
  const kept = JSON.parse(body);
  const id = kept.event?.event_id;
  return eventRecordSchema.parse({
    ...usual,
    subject: id,
    scope: id,
    ...kept,
    ...columns,
    event: { ...usualEvent, ...kept.event },
    traits: { ...usualTraits, ...kept.traits },
  });
};

/** The columns of an alert beside its place, revision and texts. */
export interface AlertColumns {
  readonly alert_key: string;
  readonly scope_key: string;
  readonly source: string;
  readonly severity: string;
  readonly state: string;
  /** Null while it is open, and only then. */
  readonly resolved_at: string | null;
  readonly wake_at: string | null;
  readonly storm_key: string | null;
}

export const toAlertColumns = (alert: AlertRecord): AlertColumns => ({
  alert_key: toKey(alert.alert_id),
  scope_key: toKey(alert.scope),
  source: alert.source,
  severity: alert.severity,
  state: alert.state,
  resolved_at: alert.state === 'open' ? null : (alert.resolved_at ?? ''),
  wake_at: alert.wake_at,
  storm_key: toKeyOrNull(alert.storm_key),
});

/** The alert without its deliveries, which have rows of their own. */
export const toAlertBody = (alert: AlertRecord & { readonly deliveries?: readonly Delivery[] }): string => {
  const { deliveries: _deliveries, ...kept } = alert;
  return JSON.stringify(kept);
};

/** @throws {ZodError} when the body is none of this version */
export const parseAlert = (body: string): AlertRecord => alertRecordSchema.parse(JSON.parse(body));

/** The columns of a delivery beside its place and texts. */
export interface DeliveryColumns {
  readonly id: string;
  /** As JSON, like every text that is somebody else's. */
  readonly target: string;
  readonly destination: string;
  readonly action: string;
  readonly status: string;
  readonly priority: number;
  /** From when on an attempt may begin, blocked or not; null once it is not pending. */
  readonly due_at: string | null;
  readonly created_at: string;
}

export const toDeliveryColumns = (delivery: Delivery): DeliveryColumns => {
  const times = [delivery.next_attempt_at, delivery.leased_until].filter((time) => time !== null);
  return {
    id: delivery.id,
    target: toKey(delivery.target),
    destination: toKey(delivery.destination),
    action: delivery.action,
    status: delivery.status,
    priority: priorityOf(delivery),
    due_at: delivery.status === 'pending' ? (times.toSorted().at(-1) ?? delivery.created_at) : null,
    created_at: delivery.created_at,
  };
};

/** @throws {ZodError} when the body is none of this version */
export const parseDelivery = (body: string): Delivery => deliverySchema.parse(JSON.parse(body));

/** Entries as lines of JSON, which are added to those that are there. */
export const toLines = (entries: readonly (HistoryEntry | Attempt)[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

const parseLines = (lines: string): readonly unknown[] =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const parseHistory = (lines: string): readonly HistoryEntry[] =>
  parseLines(lines).map((entry) => historyEntrySchema.parse(entry));

export const parseAttempts = (lines: string): readonly Attempt[] =>
  parseLines(lines).map((entry) => attemptSchema.parse(entry));
