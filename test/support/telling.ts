// An alert, its deliveries and what a destination is asked to tell; a test names only what it is about.
import { type Alert, freshAlert, type Member } from '../../src/domain/alert.ts';
import { createDelivery, type Delivery } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import type { EventRecord } from '../../src/domain/event-record.ts';
import type { Facts } from '../../src/domain/facts.ts';
import type { SendRequest, TellableEvent } from '../../src/sinks/destination.ts';

export const openedAt = '2026-03-01T12:00:00.000Z';

export const aPayout = (more: Partial<UnifiedEvent> = {}): UnifiedEvent => ({
  event_id: 'evt_1',
  source: 'stripe',
  kind: 'payment',
  severity: 'critical',
  service: 'stripe',
  summary: 'payout.failed: po_1',
  description: 'The bank account is closed.',
  started_at: openedAt,
  resolved_at: null,
  raw: { id: 'evt_1' },
  ...more,
});

export const tellable = (event: Partial<UnifiedEvent> = {}, facts: Facts = {}, testMode = false): TellableEvent => ({
  event: aPayout(event),
  facts,
  testMode,
});

export const aMember = (more: Partial<Member> = {}): Member => ({
  event_id: 'evt_1',
  subject: 'evt_1',
  kind: 'payment',
  item: 'payment',
  title: 'payout.failed: po_1',
  name: null,
  components: [],
  group: null,
  page_size: 0,
  severity: 'critical',
  started_at: openedAt,
  joined_at: openedAt,
  ended_at: null,
  test_mode: false,
  attracts: true,
  ruling: {
    severity: 'critical',
    send: ['pager'],
    because: 'critical events are always sent',
    hold_until: null,
    silenced_until: null,
    silenced_because: null,
    at_end_of_window: [],
    window_ends_at: null,
    resolve_at: null,
  },
  ...more,
});

export const aDelivery = (more: Partial<Delivery> = {}): Delivery => ({
  ...createDelivery(
    {
      alert_id: 'evt_1',
      event_id: 'evt_1',
      event_ids: ['evt_1'],
      destination: 'pager',
      target: 'test:pager',
      reaches_people: true,
      action: 'trigger',
      reason: 'opened',
      severity: 'critical',
      cycle: 1,
      ordinal: 1,
      request_id: 'req-1',
      ...more,
    },
    Date.parse(more.created_at ?? openedAt),
  ),
  ...more,
});

export const anAlert = (more: Partial<Alert> = {}): Alert => ({
  ...freshAlert,
  alert_id: 'evt_1',
  scope: 'stripe::po_1',
  source: 'stripe',
  title: 'payout.failed: po_1',
  severity: 'critical',
  state: 'open',
  opened_at: openedAt,
  members: [aMember()],
  request_id: 'req-1',
  ...more,
});

export const aRequest = (more: Partial<SendRequest> = {}): SendRequest => {
  const delivery = more.delivery ?? aDelivery();
  return {
    delivery,
    alert: anAlert({ deliveries: [delivery] }),
    about: tellable(),
    others: [],
    memo: undefined,
    publicUrl: null,
    requestId: 'req-1',
    ...more,
  };
};

export const anEventRecord = (event: UnifiedEvent, more: Partial<EventRecord> = {}): EventRecord => {
  const { raw: _, ...stored } = event;
  return {
    event: stored,
    facts: {},
    subject: event.event_id,
    scope: event.source,
    traits: { item: 'payment', name: null, components: [], group: null, pageSize: 0 },
    vendor_updated_at: null,
    test_mode: false,
    closed_by_hand: null,
    first_seen_at: openedAt,
    last_seen_at: openedAt,
    seen_count: 1,
    alert_id: event.event_id,
    alert_is_open: true,
    alerts_opened: 1,
    routed: true,
    routing_reason: null,
    request_id: 'req-1',
    ...more,
  };
};
