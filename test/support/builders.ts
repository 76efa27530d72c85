// Small valid things of each kind; a test names only what it is about.
import { type Delivery, owe } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import type { Closed, Gone, Seen } from '../../src/pipeline/topics.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';

/** An open, critical incident. */
export const anEvent = (overrides: Partial<UnifiedEvent> = {}): UnifiedEvent => ({
  event_id: 'acme_status:incident:1',
  source: 'acme_status',
  kind: 'incident',
  severity: 'critical',
  service: 'acme',
  summary: 'Payments are down',
  description: null,
  started_at: '2026-03-01T11:00:00.000Z',
  resolved_at: null,
  raw: { id: '1' },
  ...overrides,
});

/** A sighting of an event, with no time of the vendor's own. */
export const aSeen = (event: Partial<UnifiedEvent> = {}, overrides: Partial<Omit<Seen, 'event'>> = {}): Seen => ({
  type: 'seen',
  event: anEvent(event),
  subject: anEvent(event).event_id,
  vendorUpdatedAt: null,
  revisable: true,
  resolvedAtGiven: false,
  testMode: false,
  ...overrides,
});

export const aGone = (overrides: Partial<Gone> = {}): Gone => ({
  type: 'gone',
  eventId: 'acme_status:incident:1',
  resolvedAt: '2026-03-01T11:45:00.000Z',
  reason: 'the page no longer lists it',
  ...overrides,
});

export const aClosed = (overrides: Partial<Closed> = {}): Closed => ({
  type: 'closed',
  eventId: 'acme_status:incident:1',
  note: null,
  ...overrides,
});

/** An event that was seen once and routed, to nowhere. */
export const aRecord = (
  event: Partial<UnifiedEvent> = {},
  overrides: Partial<Omit<EventRecord, 'event'>> = {},
): EventRecord => ({
  event: anEvent(event),
  subject: anEvent(event).event_id,
  vendor_updated_at: null,
  test_mode: false,
  first_seen_at: '2026-03-01T11:30:00.000Z',
  last_seen_at: '2026-03-01T11:30:00.000Z',
  seen_count: 1,
  version: 1,
  routed_version: 1,
  routed: false,
  routing_reason: null,
  request_id: 'req-first',
  deliveries: [],
  ...overrides,
});

/** A trigger that is owed since 11:30 and was not tried yet. Its id follows from what it is for. */
export const aDelivery = (overrides: Partial<Omit<Delivery, 'id'>> = {}): Delivery => {
  const about = {
    event_id: 'acme_status:incident:1',
    destination: 'pagerduty',
    action: 'trigger',
    cycle: 1,
    reaches_people: true,
    request_id: 'req-first',
  } as const;
  const owed = owe({ ...about, ...overrides }, Date.parse('2026-03-01T11:30:00.000Z'));
  return { ...owed, ...overrides };
};
