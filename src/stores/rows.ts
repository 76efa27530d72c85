// Records as rows, the same for every SQL backend. What is searched for or changes often has a column; everything else is
// one JSON text. Texts of others go in as JSON: NUL and lone surrogates are escaped there, and survive every database.
import { type AlertRecord, alertRecordSchema } from '../domain/alert.ts';
import { type Attempt, attemptSchema, type Delivery, deliverySchema } from '../domain/delivery.ts';
import { type EventRecord, isOngoing } from '../domain/event-record.ts';
import { type HistoryEntry, historyEntrySchema } from '../domain/history.ts';
import type { AlertTitle } from './event-store.ts';
import { isOfScope } from './selection.ts';
import { priorityOf } from './urgency.ts';

/** A text as a key: distinct texts give distinct keys, and every key is well-formed. */
export const toKey = (text: string): string => JSON.stringify(text);

const toKeyOrNull = (text: string | null): string | null => (text === null ? null : toKey(text));

/** The columns of an event beside its combination, revision and texts. */
export interface EventColumns {
  readonly alert_key: string | null;
  /** Its scope, where others have to find it by that; see `isOfScope`. */
  readonly scope_key: string | null;
  /** Its source, while its vendor has still to tell that it is over. */
  readonly ongoing: string | null;
  readonly alert_is_open: boolean;
  readonly first_seen_at: string;
  /** Empty until it is seen again. */
  readonly last_seen_at: string;
  readonly seen_count: number;
}

export const toEventColumns = (record: EventRecord): EventColumns => ({
  alert_key: toKeyOrNull(record.alert_id),
  scope_key: isOfScope(record) ? toKey(record.scope) : null,
  ongoing: isOngoing(record) ? record.event.source : null,
  alert_is_open: record.alert_is_open,
  first_seen_at: record.first_seen_at,
  last_seen_at: record.last_seen_at === record.first_seen_at ? '' : record.last_seen_at,
  seen_count: record.seen_count,
});

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

const alertTitle = alertRecordSchema.pick({ alert_id: true, title: true, source: true });

/** Its id and what it is called. The body may name hundreds of events, none of which is looked at. */
export const parseTitle = (body: string): readonly [string, AlertTitle] => {
  const { alert_id: alertId, ...title } = alertTitle.parse(JSON.parse(body));
  return [alertId, title];
};

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
  // An attempt that has begun has a lease alone to be waited for, as in `isDue`: its time may be of a clock that is ahead.
  const time = delivery.attempt_started_at === null ? delivery.next_attempt_at : null;
  const times = [time, delivery.leased_until].filter((each) => each !== null);
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
export const toLines = (entries: readonly unknown[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

/** As lines; an entry says when, and by which request, only where the one before it says something else. */
export const toHistoryLines = (entries: readonly HistoryEntry[]): string =>
  toLines(
    entries.map((entry, index) => {
      const before = entries[index - 1];
      if (entry.at !== before?.at || entry.request_id !== before.request_id) return entry;
      const { at: _at, request_id: _requestId, ...rest } = entry;
      return rest;
    }),
  );

const parseLines = (lines: string) =>
  lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

export const parseHistory = (lines: string): readonly HistoryEntry[] => {
  let same: Pick<Partial<HistoryEntry>, 'at' | 'request_id'> = {};
  return parseLines(lines).map((line) => {
    const entry = historyEntrySchema.parse({ ...same, ...line });
    same = { at: entry.at, request_id: entry.request_id };
    return entry;
  });
};

export const parseAttempts = (lines: string): readonly Attempt[] =>
  parseLines(lines).map((entry) => attemptSchema.parse(entry));
