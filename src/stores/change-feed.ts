// What the readers of `EventStore.changes` are told of, the same for every backend.
import { type Alert, type AlertRecord, maxMembers } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { EventRecord } from '../domain/event-record.ts';

const beyondSightings = [
  'event',
  'facts',
  'subject',
  'scope',
  'traits',
  'vendor_updated_at',
  'test_mode',
  'closed_by_hand',
  'incident_severity',
  'named_components',
  'ends_types',
  'alert_id',
  'alerts_opened',
  'alert_scope',
  'recovered_at',
  'alert_is_open',
  'routed',
  'routing_reason',
  'request_id',
] as const satisfies readonly (keyof EventRecord)[];

/** Whether nothing changed but when, and how often, the event was seen: the commonest change of all. */
export const isOnlySighting = (before: EventRecord, after: EventRecord): boolean =>
  before === after || beyondSightings.every((field) => before[field] === after[field]);

const ofRecord = [
  'scope',
  'source',
  'title',
  'severity',
  'worst',
  'state',
  'opened_at',
  'resolved_at',
  'reopened_at',
  'cycle',
  'members',
  'uncounted',
  'related',
  'eased_since',
  'well_since',
  'first_look',
  'storm_until',
  'storm_since',
  'storm_key',
  'wake_at',
  'request_id',
] as const satisfies readonly (keyof AlertRecord)[];

/** Whether anything of the alert changed beside its deliveries. */
export const isRecordChanged = (before: AlertRecord, after: AlertRecord): boolean =>
  before !== after && ofRecord.some((field) => before[field] !== after[field]);

/** All of a delivery that changes and is shown. The lease of an attempt is not. */
const shown = [
  'id',
  'destination',
  'status',
  'attempts',
  'last_error',
  'delivered_at',
  'next_attempt_at',
  'was_reopened',
] as const satisfies readonly (keyof Delivery)[];

const isShownAlike = (before: Delivery | undefined, after: Delivery): boolean =>
  before === after || (before !== undefined && shown.every((field) => before[field] === after[field]));

/** The deliveries that are new, or look different now. */
const changedDeliveries = (before: Alert | undefined, { deliveries }: Alert): readonly Delivery[] =>
  deliveries.filter((delivery, at) => !isShownAlike(before?.deliveries[at], delivery));

/** What a changed alert tells: whether itself, and which events, as far as they are stored. */
export interface AlertNews {
  readonly isTold: boolean;
  readonly eventIds: readonly string[];
}

/** An event is shown with the deliveries that carried it and with the resolves of its alert, so it changes with them. */
export const newsOf = (before: Alert | undefined, after: Alert): AlertNews => {
  const changed = changedDeliveries(before, after);
  const isTold =
    before === undefined ||
    changed.length > 0 ||
    before.deliveries.length !== after.deliveries.length ||
    isRecordChanged(before, after);
  if (changed.length === 0) return { isTold, eventIds: [] };
  const eventIds = new Set(changed.flatMap(({ event_ids: ids }) => ids));
  if (changed.some(({ action }) => action === 'resolve')) {
    for (const { event_id: eventId } of after.members) eventIds.add(eventId);
  }
  return { isTold, eventIds: [...eventIds].slice(0, maxMembers) };
};
