// Small valid things of each kind; a test names only what it is about.
import { type Alert, freshAlert, type Member } from '../../src/domain/alert.ts';
import { createDelivery, type Delivery } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import type { EventRecord, StoredEvent } from '../../src/domain/event-record.ts';
import type { Absence, FoldTraits, ManualResolve, Sighting } from '../../src/domain/observation.ts';

const seenAt = '2026-03-01T11:30:00.000Z';

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

const itemOf = { incident: 'incident', status: 'component', payment: 'payment' } as const;

/** What an event of this kind is, for folding. */
const aTraits = ({ kind }: Pick<UnifiedEvent, 'kind'>): FoldTraits => ({
  item: itemOf[kind],
  name: null,
  components: [],
  group: null,
  pageSize: 0,
});

/** A payment is decided by itself, anything else together with its status page. */
const scopeOf = ({ kind, source, event_id: id }: Pick<UnifiedEvent, 'kind' | 'source' | 'event_id'>): string =>
  kind === 'payment' ? id : source;

/** A sighting of an event, with no time of the vendor's own. */
export const aSighting = (
  event: Partial<UnifiedEvent> = {},
  overrides: Partial<Omit<Sighting, 'event'>> = {},
): Sighting => {
  const seen = anEvent(event);
  return {
    type: 'sighting',
    event: seen,
    facts: {},
    subject: seen.event_id,
    scope: scopeOf(seen),
    traits: aTraits(seen),
    vendorUpdatedAt: null,
    revisable: true,
    resolvedAtGiven: false,
    testMode: false,
    ...overrides,
  };
};

export const anAbsence = (overrides: Partial<Absence> = {}): Absence => ({
  type: 'absence',
  eventId: 'acme_status:incident:1',
  scope: 'acme_status',
  resolvedAt: '2026-03-01T11:45:00.000Z',
  reason: 'the status page no longer lists it as open',
  ...overrides,
});

export const aManualResolve = (overrides: Partial<ManualResolve> = {}): ManualResolve => ({
  type: 'manual_resolve',
  eventId: 'acme_status:incident:1',
  scope: 'acme_status',
  alert: null,
  note: null,
  ...overrides,
});

/** An event that was seen once, of no alert. */
export const aRecord = (
  event: Partial<StoredEvent> = {},
  overrides: Partial<Omit<EventRecord, 'event'>> = {},
): EventRecord => {
  const { raw: _raw, ...stored } = anEvent(event);
  return {
    event: stored,
    facts: {},
    subject: stored.event_id,
    scope: scopeOf(stored),
    traits: aTraits(stored),
    vendor_updated_at: null,
    test_mode: false,
    closed_by_hand: null,
    first_seen_at: seenAt,
    last_seen_at: seenAt,
    seen_count: 1,
    alert_id: null,
    alert_is_open: false,
    alerts_opened: 0,
    routed: false,
    routing_reason: null,
    request_id: 'req-first',
    ...overrides,
  };
};

/** A trigger that waits since 11:30 and was not tried yet. Its id follows from what it is for. */
export const aDelivery = (overrides: Partial<Omit<Delivery, 'id'>> = {}): Delivery => {
  const { event_id: eventId = 'acme_status:incident:1', alert_id: alertId = eventId } = overrides;
  const about = {
    alert_id: alertId,
    event_id: eventId,
    event_ids: [eventId],
    destination: 'pagerduty',
    target: `target-of-${overrides.destination ?? 'pagerduty'}`,
    reaches_people: true,
    action: 'trigger',
    reason: 'opened',
    severity: 'critical',
    cycle: 1,
    ordinal: 0,
    request_id: 'req-first',
  } as const;
  return { ...createDelivery({ ...about, ...overrides }, Date.parse(seenAt)), ...overrides };
};

/** The event as its alert knows it: open, and sent nowhere. */
export const aMember = (overrides: Partial<Member> = {}): Member => ({
  event_id: 'acme_status:incident:1',
  subject: overrides.event_id ?? 'acme_status:incident:1',
  kind: 'incident',
  item: 'incident',
  title: 'Payments are down',
  name: null,
  components: [],
  group: null,
  page_size: 0,
  severity: 'critical',
  started_at: '2026-03-01T11:00:00.000Z',
  joined_at: seenAt,
  ended_at: null,
  test_mode: false,
  attracts: true,
  ruling: {
    severity: 'critical',
    send: [],
    because: 'Not sent, because nothing is.',
    hold_until: null,
    silenced_until: null,
    silenced_because: null,
    at_end_of_window: [],
    window_ends_at: null,
    resolve_at: null,
  },
  ...overrides,
});

/** An open alert of one event, which nobody was told of. */
export const anAlert = (overrides: Partial<Alert> = {}): Alert => {
  const { alert_id: alertId = 'acme_status:incident:1' } = overrides;
  return {
    ...freshAlert,
    alert_id: alertId,
    scope: 'acme_status',
    source: 'acme_status',
    title: 'Payments are down',
    severity: 'critical',
    state: 'open',
    opened_at: seenAt,
    members: [aMember({ event_id: alertId })],
    request_id: 'req-first',
    ...overrides,
  };
};
