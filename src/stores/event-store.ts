// The port behind which events are kept. One rule makes every backend safe: all that belongs to one event is
// changed by one pure function, run atomically over what is stored. Whoever loses a race decides again.
import * as z from 'zod';
import { type Attempt, actions, type Delivery } from '../domain/delivery.ts';
import { instantSchema, type Severity, type UnifiedEvent } from '../domain/event.ts';

export const changeKinds = [
  'stored',
  'updated',
  'resolved',
  'reopened',
  'routing_decided',
  'delivered',
  'delivery_failed',
  'delivery_superseded',
  'delivery_retried',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** A schema, for the API shows an entry as it is kept. */
export const historyEntrySchema = z.strictObject({
  at: instantSchema,
  change: z.enum(changeKinds),
  request_id: z.string(),
  fields: z
    .record(z.string(), z.strictObject({ old: z.unknown(), new: z.unknown() }).readonly())
    .readonly()
    .exactOptional()
    .meta({ description: 'The fields that changed, with what they held before and after.' }),
  reason: z.string().exactOptional(),
  destination: z.string().exactOptional(),
  action: z.enum(actions).exactOptional(),
});
export type HistoryEntry = Readonly<z.infer<typeof historyEntrySchema>>;

/** An event with all that decisions about it are made from. */
export interface EventRecord {
  readonly event: UnifiedEvent;
  /** What the event is about: the same for every outage of one component. */
  readonly subject: string;
  /** The vendor's own time of its last change, by which old copies are told. */
  readonly vendor_updated_at: string | null;
  readonly test_mode: boolean;
  /**
   * How serious the event was when somebody resolved it by hand, until its vendor says too that it is over, or makes it
   * worse; null or absent otherwise.
   */
  readonly closed_by_hand?: Severity | null;
  readonly first_seen_at: string;
  readonly last_seen_at: string;
  readonly seen_count: number;
  /** Grows with each change of the event; routing is undecided while `routed_version` is behind it. */
  readonly version: number;
  readonly routed_version: number;
  readonly routed: boolean;
  readonly routing_reason: string | null;
  readonly request_id: string;
  readonly deliveries: readonly Delivery[];
}

/** `forgotten`: the id was seen, but its event has been dropped since. */
export type Found = EventRecord | 'forgotten' | undefined;

/** What a decision makes of an event; a missing part stays as it is. */
export interface Change<T> {
  readonly result: T;
  readonly record?: EventRecord;
  readonly history?: readonly HistoryEntry[];
  readonly attempt?: { readonly deliveryId: string; readonly attempt: Attempt } | undefined;
}

export interface EventDetail {
  readonly record: EventRecord;
  readonly history: readonly HistoryEntry[];
  /** Oldest first, by delivery id. */
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
}

/** Where a listing stopped: the last event's `first_seen_at` and its number in order of arrival. */
export interface Position {
  readonly firstSeenAt: string;
  readonly sequence: number;
}

export interface EventFilters {
  readonly source?: string | undefined;
  readonly kind?: string | undefined;
  readonly severity?: string | undefined;
  readonly service?: string | undefined;
  readonly state?: 'open' | 'resolved' | undefined;
  readonly routed?: boolean | undefined;
  /** Inclusive and exclusive bounds of `first_seen_at`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface EventQuery extends EventFilters {
  readonly limit: number;
  readonly before?: Position | undefined;
}

export interface EventPage {
  readonly records: readonly EventRecord[];
  readonly next: Position | null;
}

/** Where a listing of deliveries stopped: at which event, and at which delivery of it in the order of its own list. */
export interface DeliveryPosition extends Position {
  readonly ordinal: number;
}

export interface DeliveryQuery {
  readonly limit: number;
  readonly before?: DeliveryPosition | undefined;
  readonly status?: Delivery['status'] | undefined;
  readonly destination?: string | undefined;
  readonly action?: Delivery['action'] | undefined;
  /** Inclusive and exclusive bounds of the event's `first_seen_at`. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  readonly next: DeliveryPosition | null;
}

export interface EventChanges {
  /** In the order of their last change, each as it is now. */
  readonly records: readonly EventRecord[];
  /** Where to go on. Opaque, and of printable ASCII. */
  readonly cursor: string;
}

export interface OpenEvent {
  readonly event_id: string;
  readonly subject: string;
  readonly started_at: string;
}

export interface DueDelivery {
  readonly eventId: string;
  readonly deliveryId: string;
  readonly requestId: string;
}

/** What is owed and not sent yet. */
export interface Backlog {
  readonly pending: number;
  /** When the delivery that has waited for longest was first owed; null when none is pending. */
  readonly oldestCreatedAt: string | null;
}

/** Every method rejects with `StoreUnavailable` when the backend cannot answer now. */
export interface EventStore {
  find(eventId: string): Promise<Found>;
  /** Runs `decide` atomically over the event as it is stored, and keeps what it returns. It may run more than once. */
  change<T>(eventId: string, decide: (found: Found) => Change<T>): Promise<T>;
  read(eventId: string): Promise<EventDetail | undefined>;
  /** Newest first; the cost depends on `limit`. */
  list(query: EventQuery): Promise<EventPage>;
  /** Those of the newest event first, and of one event the newest first; the cost depends on `limit`. */
  listDeliveries(query: DeliveryQuery): Promise<DeliveryPage>;
  findDelivery(deliveryId: string): Promise<Delivery | undefined>;
  /**
   * At most `limit` events that were stored or changed after the cursor; routing and the state of deliveries count, a
   * mere sighting does not. A change is told at least once, whoever made it. Without a cursor: none, and the cursor of
   * now. `lost`: the cursor is of another store, or something that changed after it was dropped since. The cost
   * depends on what is told, not on what is stored.
   */
  changes(after: string | null, limit: number): Promise<EventChanges | 'lost'>;
  /**
   * The events of one source whose end the vendor has still to tell: those that have a life, which a `payment` has not,
   * and are unresolved, or were resolved by hand.
   */
  openEvents(source: string): Promise<readonly OpenEvent[]>;
  /** Pending deliveries that may be attempted now; those that have waited for longest come first, more or less. */
  dueDeliveries(nowMs: number, limit: number): Promise<readonly DueDelivery[]>;
  /** Counts the pending deliveries; the cost depends on them, never on how many events are stored. */
  backlog(): Promise<Backlog>;
  /** Events whose last change has not been routed, though they were last seen no later than `seenBefore`. */
  undecided(
    seenBefore: string,
    limit: number,
  ): Promise<readonly { readonly eventId: string; readonly requestId: string }[]>;
  /** Small states that must survive a restart, such as what is known of a status page. */
  loadState(key: string): Promise<unknown>;
  saveState(key: string, state: unknown): Promise<void>;
  /**
   * Removes at most `limit` events first seen before `firstSeenBefore`, with their history, and tells how many. An event
   * that is open and has a life, is undecided, or has a delivery pending stays.
   */
  prune(firstSeenBefore: string, limit: number): Promise<number>;
  /** Runs `work` while no other process that shares the store runs work of this name. */
  exclusively<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Whether this process is the one that does the work of this name, until `forMs` from now. It may ask again sooner. */
  lead(name: string, forMs: number): Promise<boolean>;
  /** Resolves when the backend answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
