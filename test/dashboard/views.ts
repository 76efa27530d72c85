// Alerts and deliveries as the API answers them, as small as they can be.
import type { AlertView, DeliveryRow, DestinationView } from '../../src/dashboard/types.ts';

export const anAlert = (id: string, more: Partial<AlertView> = {}): AlertView => ({
  alert_id: id,
  dedup_key: id,
  title: `Title of ${id}`,
  severity: 'critical',
  state: 'open',
  source: 'acme_status',
  opened_at: '2026-03-01T12:00:00.000Z',
  resolved_at: null,
  reopened_at: [],
  related: [],
  event_ids: [id],
  event_count: 1,
  open_event_count: 1,
  phase: null,
  affects: [],
  delivered_to: [],
  told_to: [],
  wake_at: null,
  deliveries: [],
  ...more,
});

export const aRow = (more: Partial<DeliveryRow> = {}): DeliveryRow => ({
  id: 'dlv_1',
  destination: 'oncall',
  action: 'trigger',
  status: 'delivered',
  attempts: 1,
  last_error: null,
  delivered_at: null,
  next_attempt_at: null,
  earlier: false,
  ...more,
});

export const aDestination = (more: Partial<DestinationView> = {}): DestinationView => ({
  name: 'oncall',
  type: 'pagerduty',
  reaches_people: true,
  state: 'ok',
  last_success_at: null,
  last_failure_at: null,
  last_error: null,
  waiting: 0,
  oldest_waiting_at: null,
  ...more,
});
