// What the version before stored, in which an event bore its own deliveries, and what it is now: an event with deliveries
// becomes an alert of its own, under the event's id.
import * as z from 'zod';
import { type Alert, alertVersion, type Member } from '../../domain/alert.ts';
import { actions, type Delivery, deliveryStatuses } from '../../domain/delivery.ts';
import { eventSchema, severities } from '../../domain/event.ts';
import { type EventRecord, recordVersion } from '../../domain/event-record.ts';
import type { FoldTraits } from '../../domain/observation.ts';
import { toIso } from '../../lib/time.ts';

const moment = z.string().nullable();

export const recordOfVersionOne = z.object({
  event: eventSchema,
  subject: z.string(),
  vendor_updated_at: moment,
  test_mode: z.boolean(),
  closed_by_hand: z.enum(severities).nullable().default(null),
  first_seen_at: z.string(),
  version: z.number(),
  routed_version: z.number(),
  routed: z.boolean(),
  routing_reason: moment,
  request_id: z.string(),
});

export const deliveryOfVersionOne = z.object({
  id: z.string(),
  event_id: z.string(),
  destination: z.string(),
  action: z.enum(actions),
  cycle: z.int(),
  status: z.enum(deliveryStatuses),
  attempts: z.int(),
  last_error: moment,
  created_at: z.string(),
  retried_at: z.string().exactOptional(),
  delivered_at: moment,
  next_attempt_at: moment,
  attempt_started_at: moment,
  leased_until: moment,
  may_have_arrived: z.boolean(),
  reaches_people: z.boolean(),
  request_id: z.string(),
});

export interface EventOfVersionOne {
  readonly record: z.infer<typeof recordOfVersionOne>;
  readonly deliveries: readonly z.infer<typeof deliveryOfVersionOne>[];
  readonly lastSeenAt: string;
  readonly seenCount: number;
}

export interface CarriedOver {
  readonly record: EventRecord;
  readonly rawJson: string;
  /** Of an event that was to be told to somebody, or that was not decided yet. */
  readonly alert: Alert | undefined;
}

/** A payment has no end of its own; its alert ends after this long, in our books alone. */
const paymentAlertMs = 7 * 86_400_000;

const rawFields = z.looseObject({ type: z.string(), status: z.string(), impact: z.string() }).partial();

const fieldsOf = (raw: unknown): z.infer<typeof rawFields> => rawFields.safeParse(raw).data ?? {};

const traitsOf = ({ event }: EventOfVersionOne['record']): FoldTraits => {
  const none = { name: null, components: [], group: null, pageSize: 0 };
  if (event.kind === 'payment') return { ...none, item: 'payment', name: fieldsOf(event.raw).type ?? null };
  const rest = event.event_id.slice(event.source.length + 1);
  const [item = '', id = ''] = rest.split(':');
  if (item === 'component') return { ...none, item, components: [id] };
  if (item === 'page') return { ...none, item };
  const isMaintenance = fieldsOf(event.raw).impact === 'maintenance';
  return { ...none, item: isMaintenance ? 'maintenance' : 'incident', name: event.summary };
};

const toRecord = ({ record, deliveries, lastSeenAt, seenCount }: EventOfVersionOne): EventRecord => {
  const { event, version: _version, routed_version: _routed, ...kept } = record;
  const { raw, ...stored } = event;
  const traits = traitsOf(record);
  const hasAlert = deliveries.length > 0 || isUndecided(record);
  const { status } = fieldsOf(raw);
  return {
    ...kept,
    record_version: recordVersion,
    event: stored,
    // The rest is read again with the next sighting; whether a maintenance has begun decides whether it is open.
    facts: traits.item === 'maintenance' && status !== undefined ? { status } : {},
    scope: event.kind === 'payment' ? event.event_id : event.source,
    traits,
    last_seen_at: lastSeenAt,
    seen_count: seenCount,
    alert_id: hasAlert ? event.event_id : null,
    alert_is_open: hasAlert && event.resolved_at === null,
    alerts_opened: hasAlert ? 1 : 0,
  };
};

/** Stored, and not routed before the process ended. */
const isUndecided = ({ event, version, routed_version: routedVersion }: EventOfVersionOne['record']): boolean =>
  routedVersion < version && event.resolved_at === null;

const toDelivery = (
  { event }: EventRecord,
  { event_id: eventId, ...delivery }: EventOfVersionOne['deliveries'][number],
  ordinal: number,
): Delivery => ({
  ...delivery,
  alert_id: event.event_id,
  event_id: eventId,
  event_ids: [eventId],
  // Its key or address was not stored.
  target: delivery.reaches_people ? delivery.destination : 'mock',
  reason: delivery.action === 'resolve' ? 'ended' : delivery.cycle > 1 ? 'reopened' : 'opened',
  severity: event.severity,
  ordinal,
});

const toMember = (record: EventRecord, openedAt: string): Member => {
  const { event, subject, traits, test_mode: testMode } = record;
  const { resolveAt } = endOf(record);
  return {
    event_id: event.event_id,
    subject,
    kind: event.kind,
    item: traits.item,
    title: event.summary,
    name: traits.name,
    components: traits.components,
    group: traits.group,
    page_size: traits.pageSize,
    severity: event.severity,
    started_at: event.started_at,
    joined_at: openedAt,
    ended_at: event.resolved_at,
    test_mode: testMode,
    attracts: true,
    ruling: {
      severity: event.severity,
      send: [],
      because: record.routing_reason ?? 'decided by the version before',
      hold_until: null,
      silenced_until: null,
      silenced_because: null,
      at_end_of_window: [],
      window_ends_at: null,
      resolve_at: resolveAt,
    },
  };
};

const endOf = ({ event, first_seen_at: firstSeenAt }: EventRecord) => ({
  resolveAt:
    event.kind === 'payment' && event.resolved_at === null ? toIso(Date.parse(firstSeenAt) + paymentAlertMs) : null,
});

const toAlert = (old: EventOfVersionOne, record: EventRecord): Alert => {
  const { event } = record;
  const openedAt = old.deliveries[0]?.created_at ?? record.first_seen_at;
  const deliveries = old.deliveries.map((delivery, ordinal) => toDelivery(record, delivery, ordinal));
  const member = toMember(record, openedAt);
  const destinations = deliveries.filter(({ action }) => action === 'trigger').map(({ destination }) => destination);
  return {
    record_version: alertVersion,
    alert_id: event.event_id,
    scope: record.scope,
    source: event.source,
    title: event.summary,
    severity: event.severity,
    state: event.resolved_at === null ? 'open' : 'resolved',
    opened_at: openedAt,
    resolved_at: event.resolved_at,
    reopened_at: [],
    cycle: Math.max(1, ...deliveries.map(({ cycle }) => cycle)),
    members: [{ ...member, ruling: { ...member.ruling, send: [...new Set(destinations)] } }],
    uncounted: 0,
    related: [],
    eased_since: null,
    well_since: null,
    first_look: false,
    storm_until: null,
    storm_since: null,
    storm_key: null,
    // What was not decided is looked at as soon as somebody looks.
    wake_at: isUndecided(old.record) ? record.last_seen_at : endOf(record).resolveAt,
    request_id: record.request_id,
    deliveries,
  };
};

export const toVersionTwo = (old: EventOfVersionOne): CarriedOver => {
  const record = toRecord(old);
  return {
    record,
    rawJson: JSON.stringify(old.record.event.raw),
    alert: record.alert_id === null ? undefined : toAlert(old, record),
  };
};
