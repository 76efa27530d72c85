// What the parts of the contract of the event stores share.
import { afterEach, beforeEach } from 'vitest';
import type { Alert } from '../../../src/domain/alert.ts';
import type { Attempt, Delivery } from '../../../src/domain/delivery.ts';
import type { EventRecord, Found, StoredEvent } from '../../../src/domain/event-record.ts';
import type { HistoryEntry } from '../../../src/domain/history.ts';
import { toIso } from '../../../src/lib/time.ts';
import type { Changes, EventQuery, EventStore, EventWithDeliveries } from '../../../src/stores/event-store.ts';
import type { ListingBounds } from '../../../src/stores/listing-bounds.ts';
import { aDelivery, aMember, anAlert, aRecord } from '../../support/builders.ts';

/** Makes a store with nothing in it. */
export type CreateStore = (bounds?: ListingBounds) => EventStore | Promise<EventStore>;

/** NUL, both lone halves of a surrogate pair, a whole pair, quotes and line breaks. */
export const hardText = 'a\u0000b \ud800 \udc00 😀 \'"\\ \r\n\u2028 %_';

const noon = Date.parse('2026-03-01T12:00:00.000Z');

/** So many minutes after noon. */
export const at = (minute: number): string => toIso(noon + minute * 60_000);
export const ms = (minute: number): number => noon + minute * 60_000;
export const now = noon;
export const longAgo = '';

/** An event with this id, first seen at this minute after noon. */
export const record = (
  id: string,
  minute = 0,
  event: Partial<StoredEvent> = {},
  overrides: Partial<Omit<EventRecord, 'event'>> = {},
): EventRecord =>
  aRecord({ event_id: id, ...event }, { first_seen_at: at(minute), last_seen_at: at(minute), ...overrides });

export const payment = (
  id: string,
  minute = 0,
  overrides: Partial<Omit<EventRecord, 'event'>> = {},
  event: Partial<StoredEvent> = {},
): EventRecord => record(id, minute, { source: 'stripe', kind: 'payment', ...event }, overrides);

/** An open alert with this id, opened at this minute after noon. */
export const alert = (id: string, minute = 0, overrides: Partial<Alert> = {}): Alert =>
  anAlert({ alert_id: id, opened_at: at(minute), members: [aMember({ event_id: id })], ...overrides });

/** Deliveries of an alert, numbered in this order. */
export const deliveriesOf = (
  alertId: string,
  ...each: readonly Parameters<typeof aDelivery>[0][]
): readonly Delivery[] =>
  each.map((overrides, ordinal) => aDelivery({ alert_id: alertId, event_id: alertId, ordinal, ...overrides }));

export const entry = (change: HistoryEntry['change'], minute = 0): HistoryEntry => ({
  at: at(minute),
  change,
  request_id: 'r',
});

export const attempt = (number: number): Attempt => ({
  number,
  started_at: at(number),
  duration_ms: 12,
  outcome: 'transient',
  status_code: 503,
  error: `try ${number}`,
});

export const noScopes = { scopes: [], endedSince: longAgo } as const;

export const keep = (
  store: EventStore,
  event: EventRecord,
  rest: Partial<Omit<Changes<undefined>, 'event'>> = {},
): Promise<void> =>
  store.transact({ ...noScopes, eventId: event.event.event_id }, () => ({ ...rest, result: undefined, event }));

export const keepAll = async (store: EventStore, records: readonly EventRecord[]): Promise<void> => {
  for (const kept of records) await keep(store, kept);
};

export const keepAlert = (store: EventStore, kept: Alert, history: readonly HistoryEntry[] = []): Promise<void> =>
  store.transact({ ...noScopes, alertId: kept.alert_id }, () => ({
    result: undefined,
    alerts: [{ alert: kept, history }],
  }));

/** An event and the alert that it opened, of which somebody is told by these deliveries. */
export const keepTold = (
  store: EventStore,
  event: EventRecord,
  deliveries: readonly Delivery[],
  overrides: Partial<Alert> = {},
): Promise<void> => {
  const id = event.event.event_id;
  const kept = alert(id, 0, { opened_at: event.first_seen_at, scope: event.scope, deliveries, ...overrides });
  return keep(store, { ...event, alert_id: id }, { alerts: [{ alert: kept, history: [] }] });
};

export const stored = (found: Found): EventRecord => {
  if (typeof found !== 'object') throw new Error('the event is not stored');
  return found;
};

/** Replaces a stored event by what `change` makes of it. */
export const reviseEvent = (
  store: EventStore,
  id: string,
  change: (found: EventRecord) => EventRecord,
): Promise<void> =>
  store.transact({ ...noScopes, eventId: id }, ({ event }) => ({ result: undefined, event: change(stored(event)) }));

/** Replaces a stored alert by what `change` makes of it. */
export const reviseAlert = (store: EventStore, id: string, change: (found: Alert) => Alert): Promise<void> =>
  store.transact({ ...noScopes, alertId: id }, ({ alerts }) => {
    const found = alerts[0];
    if (!found) throw new Error('the alert is not stored');
    return { result: undefined, alerts: [{ alert: change(found), history: [] }] };
  });

/** Changes one delivery of a stored alert. */
export const reviseDelivery = (
  store: EventStore,
  alertId: string,
  ordinal: number,
  step: Partial<Delivery>,
): Promise<void> =>
  reviseAlert(store, alertId, (found) => ({
    ...found,
    deliveries: found.deliveries.map((delivery, index) => (index === ordinal ? { ...delivery, ...step } : delivery)),
  }));

export const idOf = ({ event }: EventRecord): string => event.event_id;
export const idsOf = (events: readonly EventWithDeliveries[]): readonly string[] =>
  events.map((shown) => idOf(shown.record));

/** All that a listing gives, page by page. */
export const listed = async (store: EventStore, query: Partial<EventQuery> = {}): Promise<readonly string[]> => {
  const ids: string[] = [];
  let before = query.before;
  do {
    const page = await store.listEvents({ limit: 1000, ...query, before });
    ids.push(...idsOf(page.events));
    before = page.next ?? undefined;
  } while (before);
  return ids;
};

export const numbered = (count: number, prefix = 'evt'): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}_${index}`);

/** A fresh store for each test; `current` gives it. */
export const useStore = (createStore: CreateStore): { readonly current: () => EventStore } => {
  let store: EventStore | undefined;
  beforeEach(async () => {
    store = await createStore();
  });
  afterEach(() => store?.close());
  return {
    current() {
      if (!store) throw new Error('the store is there while a test runs');
      return store;
    },
  };
};
