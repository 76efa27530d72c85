// What the readers of `EventStore.changes` are told of, the same for every backend.
import type { Delivery } from '../domain/delivery.ts';
import type { EventFilters, EventRecord } from './event-store.ts';
import { isOnlySighting } from './rows.ts';

/** Everything of a delivery that is shown. The lease of an attempt is not. */
const shown = ['id', 'status', 'attempts', 'last_error', 'delivered_at', 'next_attempt_at'] as const;

const isSameDelivery = (before: Delivery | undefined, after: Delivery): boolean =>
  before === after || (before !== undefined && shown.every((field) => before[field] === after[field]));

/** Whether a change is one to be told: neither a mere sighting nor the beginning of an attempt is. */
export const isNews = (before: EventRecord | undefined, after: EventRecord): boolean =>
  before === undefined ||
  before.deliveries.length !== after.deliveries.length ||
  !isOnlySighting(before, { ...after, deliveries: before.deliveries }) ||
  after.deliveries.some((delivery, at) => !isSameDelivery(before.deliveries[at], delivery));

/** Whether an event is one of those that a listing with these filters has. */
export const matches = ({ event, routed, first_seen_at: firstSeenAt }: EventRecord, filters: EventFilters): boolean =>
  (filters.source === undefined || event.source === filters.source) &&
  (filters.kind === undefined || event.kind === filters.kind) &&
  (filters.severity === undefined || event.severity === filters.severity) &&
  (filters.service === undefined || event.service === filters.service) &&
  (filters.state === undefined || (event.resolved_at === null) === (filters.state === 'open')) &&
  (filters.routed === undefined || routed === filters.routed) &&
  (filters.since === undefined || firstSeenAt >= filters.since) &&
  (filters.until === undefined || firstSeenAt < filters.until);
