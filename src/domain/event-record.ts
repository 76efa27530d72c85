// What is kept of an event: the event itself without the vendor's object, and all that decisions about it are made from.
// A row is parsed by the schema when it is read; its version is the matter of `stores/event-body.ts`.
import * as z from 'zod';
import { eventSchema, isoSchema, severities, type UnifiedEvent } from './event.ts';
import { factsSchema } from './facts.ts';
import { type FoldTraits, traitItems } from './observation.ts';

/** The unified event without `raw`, which is written once and read only where it is shown. */
const storedEventSchema = eventSchema.omit({ raw: true });
export type StoredEvent = Readonly<z.infer<typeof storedEventSchema>>;

const traitsSchema: z.ZodType<FoldTraits> = z.object({
  item: z.enum(traitItems),
  name: z.string().nullable(),
  components: z.array(z.string()).readonly(),
  group: z.string().nullable(),
  pageSize: z.number(),
});

export const eventRecordSchema = z.object({
  event: storedEventSchema.readonly(),
  facts: factsSchema,
  /** What the event is about: the same for every outage of one component. */
  subject: z.string(),
  /** Events of one scope are decided one after the other, and may fold into one alert. */
  scope: z.string(),
  traits: traitsSchema,
  /** The vendor's own time of its last change, by which old copies are told. */
  vendor_updated_at: z.string().nullable(),
  test_mode: z.boolean(),
  /**
   * How serious the event was when somebody resolved it by hand, or `resolve_after` did, until its vendor ends it too, or
   * makes it worse.
   */
  closed_by_hand: z.enum(severities).nullable(),
  /** See `Sighting.incidentSeverity`. */
  incident_severity: z.enum(severities).exactOptional(),
  /** See `Sighting.namedComponents`. */
  named_components: z
    .array(z.object({ component: z.string(), group: z.string().nullable().exactOptional() }).readonly())
    .readonly()
    .exactOptional(),
  /** See `Sighting.endsTypes`. */
  ends_types: z.array(z.string()).readonly().exactOptional(),
  first_seen_at: isoSchema,
  last_seen_at: isoSchema,
  seen_count: z.int().positive(),
  /** The alert that the event belongs to; null for what nobody is ever told of. */
  alert_id: z.string().nullable(),
  /** The scope of that alert where it is another one: a storm has put a payment there. */
  alert_scope: z.string().exactOptional(),
  /** When good news ended the payment, whose alert may go on for others. */
  recovered_at: isoSchema.exactOptional(),
  /** A payment is open while its alert is; see `isOpen`. */
  alert_is_open: z.boolean(),
  /** How many alerts it has opened: the next one is `{event_id}#{number}`. */
  alerts_opened: z.int().nonnegative(),
  routed: z.boolean(),
  routing_reason: z.string().nullable(),
  request_id: z.string(),
});

/** An event with all that decisions about it are made from. */
export type EventRecord = Readonly<z.infer<typeof eventRecordSchema>>;

/** `expired`: the id was seen, but its event has been dropped since. */
export type Found = EventRecord | 'expired' | undefined;

export const isRecord = (found: Found): found is EventRecord => typeof found === 'object';

/**
 * One meaning of open, everywhere: an incident or a component until it is resolved, a maintenance from its start, a
 * payment while its alert is open.
 */
export const isOpen = ({ event, facts, traits, alert_is_open: alertIsOpen }: EventRecord): boolean => {
  if (event.resolved_at !== null) return false;
  if (event.kind === 'payment') return alertIsOpen;
  return traits.item !== 'maintenance' || facts.status !== 'scheduled';
};

/** Whether the alert of the event has to go on for it. */
export const holdsOpen = (record: EventRecord): boolean => isOpen(record) && record.recovered_at === undefined;

/** Whether it is a payment in an alert of another scope, which good news of its own object has to find. */
export const isGuest = (record: EventRecord): boolean =>
  record.alert_scope !== undefined && record.event.kind === 'payment' && holdsOpen(record);

/**
 * Whether the vendor has still to tell that it is over: a payment event is a fact, but an incident or an outage will be
 * heard of again, and so will one that was resolved by hand while its vendor goes on.
 */
export const isOngoing = ({ event, closed_by_hand: closedByHand }: EventRecord): boolean =>
  event.kind !== 'payment' && (event.resolved_at === null || closedByHand !== null);

/** The event as everybody knows it, with the vendor's object. */
export const withRaw = (event: StoredEvent, raw: unknown): UnifiedEvent => ({ ...event, raw });
