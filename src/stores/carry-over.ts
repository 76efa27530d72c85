// An event as the version before alerts kept it, turned into this version's records: for the migrations of both
// databases. An event that was sent, or was still to be decided, becomes an alert of its own.
import * as z from 'zod';
import { type Alert, freshAlert, type Member } from '../domain/alert.ts';
import { type Delivery, deliverySchema } from '../domain/delivery.ts';
import { eventSchema, severities, type UnifiedEvent } from '../domain/event.ts';
import type { EventRecord } from '../domain/event-record.ts';
import { legacyTarget } from '../domain/legacy-targets.ts';
import type { FoldTraits, Sighting } from '../domain/observation.ts';

const oldDeliverySchema = deliverySchema
  .omit({
    alert_id: true,
    event_ids: true,
    target: true,
    reason: true,
    severity: true,
    ordinal: true,
    key: true,
    memo: true,
  })
  .extend({ action: z.enum(['trigger', 'resolve']) });

/** The record of an event together with its deliveries, as its row and theirs had them. */
export const oldRecordSchema = z.object({
  event: eventSchema,
  subject: z.string(),
  vendor_updated_at: z.string().nullable(),
  test_mode: z.boolean(),
  closed_by_hand: z.enum(severities).nullish(),
  first_seen_at: z.string(),
  last_seen_at: z.string(),
  seen_count: z.int(),
  version: z.int(),
  routed_version: z.int(),
  routed: z.boolean(),
  routing_reason: z.string().nullable(),
  request_id: z.string(),
  deliveries: z.array(oldDeliverySchema),
});
export type OldRecord = z.infer<typeof oldRecordSchema>;

export interface CarriedOver {
  readonly event: EventRecord;
  readonly rawJson: string;
  /** Null for what nobody was, or has still to be, told of. */
  readonly alert: Alert | null;
}

/**
 * What the adapter of an event's vendor makes of it today, which the version before did not keep: its facts, and of what a
 * payment is. Undefined where it makes nothing of it.
 */
export type ReadAgain = (event: UnifiedEvent) => Reading | undefined;
type Reading = Pick<Sighting, 'facts' | 'scope' | 'traits' | 'endsTypes'>;

const itemOf = ({ event, subject }: OldRecord): FoldTraits['item'] => {
  if (event.kind === 'payment') return 'payment';
  if (subject.includes(':component:')) return 'component';
  return event.event_id.includes(':page:') ? 'page' : 'incident';
};

/** Of the fixtures, which the version before read as if they were status pages: people must not be told of them. */
const fixtures: ReadonlySet<string> = new Set([
  'spreedly_status:incident:inc_spreedly_1',
  'braze_status:component:comp_dashboard',
]);

const isTest = ({ subject, test_mode: testMode }: OldRecord): boolean => testMode || fixtures.has(subject);

const ownTraitsOf = (old: OldRecord): FoldTraits => {
  const item = itemOf(old);
  const [, component] = old.subject.split(':component:');
  return { item, name: null, components: component === undefined ? [] : [component], group: null, pageSize: 0 };
};

const deliveriesOf = ({ event, deliveries }: OldRecord): readonly Delivery[] =>
  deliveries.map((delivery, ordinal) => ({
    ...delivery,
    alert_id: event.event_id,
    event_ids: [event.event_id],
    target: legacyTarget(delivery.reaches_people),
    reason: delivery.action === 'resolve' ? 'ended' : delivery.cycle > 1 ? 'reopened' : 'opened',
    severity: event.severity,
    ordinal,
  }));

/** Acknowledged, and then the process ended before it was decided whether it is sent. */
const isUndecided = ({ event, version, routed_version: routed }: OldRecord): boolean =>
  routed < version && event.resolved_at === null && event.severity !== 'info';

const memberOf = (old: OldRecord, { item, name, components }: FoldTraits): Member => {
  const { event } = old;
  return {
    event_id: event.event_id,
    subject: old.subject,
    kind: event.kind,
    item,
    title: event.summary,
    name,
    components,
    group: null,
    page_size: 0,
    severity: event.severity,
    started_at: event.started_at,
    joined_at: old.first_seen_at,
    ended_at: event.resolved_at,
    test_mode: isTest(old),
    attracts: true,
    ruling: {
      severity: event.severity,
      send: [...new Set(old.deliveries.filter(({ action }) => action === 'trigger').map((each) => each.destination))],
      because: 'the version before decided so',
      // The rules are asked when a hold is over.
      hold_until: isUndecided(old) ? old.first_seen_at : null,
      silenced_until: null,
      silenced_because: null,
      at_end_of_window: [],
      window_ends_at: null,
      resolve_at: null,
    },
  };
};

const ownScopeOf = ({ event }: OldRecord): string => (event.kind === 'payment' ? event.event_id : event.source);

const alertOf = (old: OldRecord, scope: string, traits: FoldTraits): Alert => {
  const { event, deliveries } = old;
  const isOpen = event.resolved_at === null;
  // A payment had no end: when it has one is decided now, and so is what was undecided.
  const isToWake = isOpen && (event.kind === 'payment' || isUndecided(old));
  return {
    ...freshAlert,
    alert_id: event.event_id,
    scope,
    source: event.source,
    title: event.summary,
    severity: event.severity,
    state: isOpen ? 'open' : 'resolved',
    opened_at: old.first_seen_at,
    resolved_at: event.resolved_at,
    cycle: Math.max(1, ...deliveries.map(({ cycle }) => cycle)),
    members: [memberOf(old, traits)],
    wake_at: isToWake ? old.first_seen_at : null,
    request_id: old.request_id,
    deliveries: deliveriesOf(old),
  };
};

export const carryOver = (old: OldRecord, readAgain?: ReadAgain): CarriedOver => {
  const { raw, ...event } = old.event;
  const unread: Reading = { facts: {}, scope: ownScopeOf(old), traits: ownTraitsOf(old) };
  const { facts, scope, traits, endsTypes } = readAgain?.(old.event) ?? unread;
  const alert = old.deliveries.length > 0 || isUndecided(old) ? alertOf(old, scope, traits) : null;
  return {
    event: {
      event,
      facts,
      subject: old.subject,
      scope,
      traits,
      ...(endsTypes && { ends_types: endsTypes }),
      vendor_updated_at: old.vendor_updated_at,
      test_mode: isTest(old),
      closed_by_hand: old.closed_by_hand ?? null,
      alerts_opened: alert === null ? 0 : 1,
      first_seen_at: old.first_seen_at,
      last_seen_at: old.last_seen_at,
      seen_count: old.seen_count,
      alert_id: alert?.alert_id ?? null,
      alert_is_open: event.kind === 'payment' && alert?.state === 'open',
      routed: old.routed,
      routing_reason: old.routing_reason,
      request_id: old.request_id,
    },
    rawJson: JSON.stringify(raw) ?? 'null',
    alert,
  };
};
