// Everything that is asked of the file, each by an index of its own.
import type { DatabaseSync } from 'node:sqlite';
import type { Attempt, Delivery } from '../../domain/delivery.ts';
import { toIso } from '../../lib/time.ts';
import type {
  Backlog,
  DeliveryPage,
  DeliveryQuery,
  DueDelivery,
  EventDetail,
  EventPage,
  EventQuery,
  EventRecord,
  OpenEvent,
} from '../event-store.ts';
import { toHistory, toKey, toRecord } from '../rows.ts';
import { bodies, integer, type Row, text } from './columns.ts';
import { createLister } from './list.ts';

export interface StoredEvent {
  readonly sequence: number;
  readonly record: EventRecord;
}

export interface Reader {
  find(eventId: string): StoredEvent | undefined;
  detail(eventId: string): EventDetail | undefined;
  list(query: EventQuery): EventPage;
  listDeliveries(query: DeliveryQuery): DeliveryPage;
  findDelivery(deliveryId: string): Delivery | undefined;
  openEvents(source: string): readonly OpenEvent[];
  dueDeliveries(nowMs: number, limit: number): readonly DueDelivery[];
  backlog(): Backlog;
  undecided(seenBefore: string, limit: number): readonly { readonly eventId: string; readonly requestId: string }[];
  /** The events after this number of a change, with the number of the last. */
  changes(after: number, limit: number): { readonly records: readonly EventRecord[]; readonly last: number };
  /** The number of the newest change of a stored event. */
  latestChange(): number;
  /** When the newest event was first seen; the empty text when there is none. */
  newestFirstSeen(): string;
  loadState(key: string): unknown;
}

const event = 'sequence, body, last_seen_at, seen_count';

/** The statements, by what they find; INDEXED BY makes one that cannot use its index an error. */
export const readSql = {
  find: `SELECT ${event} FROM events WHERE event_key = ?`,
  deliveries: 'SELECT body FROM deliveries WHERE event = ? ORDER BY ordinal',
  delivery: 'SELECT body FROM deliveries INDEXED BY deliveries_id WHERE id = ?',
  history: 'SELECT body FROM history WHERE event = ? ORDER BY ordinal',
  attempts: 'SELECT delivery_key, body FROM attempts WHERE event = ? ORDER BY ordinal',
  openEvents: `SELECT ${event} FROM events INDEXED BY events_awaiting_end WHERE source = ? AND awaits_end = 1`,
  undecided: `SELECT ${event} FROM events INDEXED BY events_undecided
    WHERE undecided = 1 AND last_seen_at <= ? ORDER BY last_seen_at, sequence LIMIT ?`,
  // Those that wait for an earlier delivery of their event are few: one is in flight, or from before a reopening.
  due: `SELECT body FROM deliveries AS due INDEXED BY deliveries_due
    WHERE due_at <= ? AND NOT EXISTS (
      SELECT 1 FROM deliveries AS earlier
      WHERE earlier.event = due.event AND earlier.destination = due.destination
        AND earlier.position < due.position AND earlier.status = 'pending'
    ) ORDER BY due_at, event, ordinal LIMIT ?`,
  backlog: `SELECT count(*) AS pending, coalesce(min(json_extract(body, '$.created_at')), '') AS oldest
    FROM deliveries INDEXED BY deliveries_pending WHERE status = 'pending'`,
  // The number of a change is given once, so no two are alike.
  changes: `SELECT ${event}, revision FROM events INDEXED BY events_changed WHERE revision > ? ORDER BY revision LIMIT ?`,
  latestChange: 'SELECT coalesce(max(revision), 0) AS revision FROM events INDEXED BY events_changed',
  newest: 'SELECT first_seen_at FROM events ORDER BY sequence DESC LIMIT 1',
  state: 'SELECT body FROM states WHERE key = ?',
} as const;

export const createReader = (db: DatabaseSync): Reader => {
  const find = db.prepare(readSql.find);
  const deliveries = db.prepare(readSql.deliveries);
  const delivery = db.prepare(readSql.delivery);
  const history = db.prepare(readSql.history);
  const attempts = db.prepare(readSql.attempts);
  const openEvents = db.prepare(readSql.openEvents);
  const undecided = db.prepare(readSql.undecided);
  const due = db.prepare(readSql.due);
  const backlog = db.prepare(readSql.backlog);
  const changes = db.prepare(readSql.changes);
  const latestChange = db.prepare(readSql.latestChange);
  const newest = db.prepare(readSql.newest);
  const state = db.prepare(readSql.state);
  const list = createLister(db);

  /** The event without its deliveries. */
  const bare = (row: Row): EventRecord => toRecord(columnsOf(row), []);

  const whole = (row: Row): StoredEvent => {
    const sequence = integer(row, 'sequence');
    return { sequence, record: toRecord(columnsOf(row), bodies(deliveries.all(sequence))) };
  };

  const findEvent = (eventId: string): StoredEvent | undefined => {
    const row = find.get(toKey(eventId));
    return row && whole(row);
  };

  return {
    find: findEvent,
    detail(eventId) {
      const stored = findEvent(eventId);
      if (!stored) return undefined;
      const logs = new Map<string, Attempt[]>();
      for (const row of attempts.all(stored.sequence)) {
        const deliveryId: string = JSON.parse(text(row, 'delivery_key'));
        const attempt: Attempt = JSON.parse(text(row, 'body'));
        const log = logs.get(deliveryId);
        if (log) log.push(attempt);
        else logs.set(deliveryId, [attempt]);
      }
      return { record: stored.record, history: toHistory(bodies(history.all(stored.sequence))), attempts: logs };
    },
    list(query) {
      const rows = list.events(query);
      const page = rows.slice(0, query.limit).map(whole);
      const last = rows.length > query.limit ? page.at(-1) : undefined;
      return {
        records: page.map(({ record }) => record),
        next: last ? { firstSeenAt: last.record.first_seen_at, sequence: last.sequence } : null,
      };
    },
    listDeliveries(query) {
      const rows = list.deliveries(query);
      const page = rows.slice(0, query.limit);
      const last = rows.length > query.limit ? page.at(-1) : undefined;
      return {
        deliveries: bodies(page).map(({ body }) => JSON.parse(body)),
        next: last
          ? {
              firstSeenAt: text(last, 'first_seen_at'),
              sequence: integer(last, 'event'),
              ordinal: integer(last, 'ordinal'),
            }
          : null,
      };
    },
    findDelivery(deliveryId) {
      const row = delivery.get(deliveryId);
      return row && JSON.parse(text(row, 'body'));
    },
    openEvents: (source) =>
      openEvents
        .all(source)
        .map(bare)
        .map(({ event: { event_id, started_at }, subject }) => ({ event_id, subject, started_at })),
    dueDeliveries: (nowMs, limit) =>
      bodies(due.all(toIso(nowMs), limit)).map(({ body }) => {
        const { event_id: eventId, id: deliveryId, request_id: requestId }: Delivery = JSON.parse(body);
        return { eventId, deliveryId, requestId };
      }),
    backlog() {
      const row = backlog.get() ?? {};
      return { pending: integer(row, 'pending'), oldestCreatedAt: text(row, 'oldest') || null };
    },
    undecided: (seenBefore, limit) =>
      undecided
        .all(seenBefore, limit)
        .map(bare)
        .map((record) => ({ eventId: record.event.event_id, requestId: record.request_id })),
    changes(after, limit) {
      const rows = changes.all(after, limit);
      const lastRow = rows.at(-1);
      return { records: rows.map((row) => whole(row).record), last: lastRow ? integer(lastRow, 'revision') : after };
    },
    latestChange() {
      const row = latestChange.get();
      return row ? integer(row, 'revision') : 0;
    },
    newestFirstSeen() {
      const row = newest.get();
      return row ? text(row, 'first_seen_at') : '';
    },
    loadState(key) {
      const row = state.get(toKey(key));
      return row && JSON.parse(text(row, 'body'));
    },
  };
};

const columnsOf = (row: Row) => ({
  body: text(row, 'body'),
  last_seen_at: text(row, 'last_seen_at'),
  seen_count: integer(row, 'seen_count'),
});
