// The port behind which events and alerts are kept. One rule makes every backend safe: what is decided together (an
// event, the alerts of its scope, their deliveries) is decided by one pure function, run atomically over what is stored.
import type { Alert, AlertRecord } from '../domain/alert.ts';
import type { Attempt, Delivery } from '../domain/delivery.ts';
import type { EventRecord, Found } from '../domain/event-record.ts';
import type { HistoryEntry } from '../domain/history.ts';
import type { AlertChange } from '../domain/settle-alert.ts';
import type { DeliveryFilters, EventFilters } from './event-filter.ts';

/** So many of the events that end others are read. */
export const maxEndings = 20;
/** So many of the payments of an object that are in alerts of other scopes are read at a time. */
export const maxGuests = 500;

/** What a transaction reads and locks. Transactions that share a key run one after the other. */
export interface TransactKeys {
  /** Reads this event. */
  readonly eventId?: string | undefined;
  /** Reads the alerts of these scopes that are open, or ended at or after `endedSince`, and the event's own, if it is of one. */
  readonly scopes: readonly string[];
  readonly endedSince: string;
  /** Reads this alert too, in any state. */
  readonly alertId?: string | undefined;
  /**
   * Reads the events for which `alertId` goes on (`holdsOpen`), at most `maxMembers`: for a decision that asks the rules
   * anew.
   */
  readonly withMembers?: boolean | undefined;
  /** Reads the events of the first scope that end others (`ends_types`), the newest first, at most `maxEndings`. */
  readonly withEndings?: boolean | undefined;
  /** Reads the payments of the first scope that are in alerts of other scopes (`isGuest`), at most `maxGuests`. */
  readonly withGuests?: boolean | undefined;
}

/** What is stored, as a transaction finds it. */
export interface Snapshot {
  readonly event: Found;
  /** In the order in which they were first stored. */
  readonly alerts: readonly Alert[];
  /** Empty unless `withMembers`. */
  readonly members: readonly EventRecord[];
  /** Empty unless `withEndings`. */
  readonly endings: readonly EventRecord[];
  /** Empty unless `withGuests`. */
  readonly guests: readonly EventRecord[];
}

/** What a decision changes; a missing part stays as it is. */
export interface Changes<T> {
  readonly result: T;
  readonly event?: EventRecord | undefined;
  /** The vendor's object as JSON, written with a new event, and again when it changed. */
  readonly rawJson?: string | undefined;
  /** Of `event`, or else of the event that the keys name, where it is stored. */
  readonly eventHistory?: readonly HistoryEntry[] | undefined;
  /** Other events whose rows change, as far as they are stored: members that the rules see anew. */
  readonly otherEvents?: readonly EventRecord[] | undefined;
  /** Alerts whose payments (all events of the alert of that kind) are open from now on, or not, because the alert is. */
  readonly paymentsOf?: readonly { readonly alertId: string; readonly isOpen: boolean }[] | undefined;
  readonly alerts?: readonly AlertChange[] | undefined;
  readonly attempt?: { readonly deliveryId: string; readonly attempt: Attempt } | undefined;
}

/** An event beside the deliveries of its alert that carried it, and the alert's resolves. */
export interface EventWithDeliveries {
  readonly record: EventRecord;
  readonly deliveries: readonly Delivery[];
  /** As JSON; null when it was not asked for, or is gone. */
  readonly rawJson: string | null;
}

export interface EventDetail extends EventWithDeliveries {
  /** Of the event itself, and of its alert as far as it names the event; oldest first. */
  readonly history: readonly HistoryEntry[];
  /** Oldest first, by delivery id. */
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
}

export interface AlertDetail {
  readonly alert: Alert;
  readonly history: readonly HistoryEntry[];
  readonly attempts: ReadonlyMap<string, readonly Attempt[]>;
}

/** Where a listing stopped: the last row's number in order of arrival. */
export interface Position {
  readonly sequence: number;
}

export interface EventQuery extends EventFilters {
  readonly limit: number;
  readonly before?: Position | undefined;
  /** Whether the vendor's object is read too; `rawJson` is null otherwise. */
  readonly withRaw?: boolean | undefined;
  /** A page ends early when its rows are about this large together. */
  readonly maxBytes?: number | undefined;
}

/** `next`: where to go on, which a page that ended early has too, even an empty one. */
export interface EventPage {
  readonly events: readonly EventWithDeliveries[];
  readonly next: Position | null;
}

export interface AlertQuery {
  readonly limit: number;
  readonly before?: Position | undefined;
  readonly state?: Alert['state'] | undefined;
  readonly severity?: string | undefined;
  readonly source?: string | undefined;
  /** Inclusive and exclusive bounds of `opened_at`; a clock that stepped back counts as standing still. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface AlertPage {
  readonly alerts: readonly Alert[];
  readonly next: Position | null;
}

/** Where a listing of deliveries stopped: at which alert, and at which delivery of it. */
export interface DeliveryPosition extends Position {
  readonly ordinal: number;
}

export interface DeliveryQuery extends DeliveryFilters {
  readonly limit: number;
  readonly before?: DeliveryPosition | undefined;
  /** Whether the titles of their alerts are read too; `titles` is empty otherwise. */
  readonly withTitles?: boolean | undefined;
}

/** What an alert is called. */
export type AlertTitle = Pick<AlertRecord, 'title' | 'source'>;

export interface DeliveryPage {
  readonly deliveries: readonly Delivery[];
  /** Of the alerts of these deliveries, by `alert_id`. */
  readonly titles: ReadonlyMap<string, AlertTitle>;
  readonly next: DeliveryPosition | null;
}

export type ChangesOf = 'all' | 'alerts';

/** What changed since a cursor, each as it is now, in the order of its last change. */
export interface Changed {
  readonly events: readonly EventWithDeliveries[];
  readonly alerts: readonly Alert[];
  /** Where to go on. Opaque, and of printable ASCII. */
  readonly cursor: string;
}

/** As much of an event as is needed to tell that it is over. */
export interface OngoingEvent {
  readonly event_id: string;
  readonly subject: string;
  readonly started_at: string;
  readonly scope: string;
}

export const toOngoingEvent = ({ event, subject, scope }: EventRecord): OngoingEvent => ({
  event_id: event.event_id,
  subject,
  started_at: event.started_at,
  scope,
});

/** A delivery that may be attempted now, with what its place among the others depends on. */
export interface DueDelivery
  extends Pick<
    Delivery,
    | 'id'
    | 'alert_id'
    | 'target'
    | 'destination'
    | 'reaches_people'
    | 'action'
    | 'severity'
    | 'created_at'
    | 'request_id'
  > {
  readonly scope: string;
}

/** What waits to be sent, by destination. */
export interface Backlog {
  readonly pending: number;
  /** When the delivery that has waited for longest was created; null when none is pending. */
  readonly oldestCreatedAt: string | null;
  readonly byTarget: ReadonlyMap<string, { readonly pending: number; readonly oldestCreatedAt: string }>;
}

/** An alert whose time has come. */
export interface DueAlert {
  readonly alertId: string;
  readonly scope: string;
  readonly requestId: string;
}

/** Whether nobody else has had the lock since it was taken. */
export type IsHeld = () => Promise<boolean>;

/** Every method rejects with `StoreUnavailable` when the backend cannot answer now. */
export interface EventStore {
  /**
   * Runs `decide` atomically over what is stored, and keeps what it returns. It may run more than once. Rejects with
   * what `decide` throws; nothing is kept then.
   */
  transact<T>(keys: TransactKeys, decide: (snapshot: Snapshot) => Changes<T>): Promise<T>;

  find(eventId: string): Promise<Found>;
  readEvent(eventId: string): Promise<EventDetail | undefined>;
  readAlert(alertId: string): Promise<AlertDetail | undefined>;
  findDelivery(deliveryId: string): Promise<Delivery | undefined>;
  /** The vendor's object of an event as JSON; undefined when there is none. */
  readRaw(eventId: string): Promise<string | undefined>;
  /** Newest first; the cost depends on `limit`. */
  listEvents(query: EventQuery): Promise<EventPage>;
  listAlerts(query: AlertQuery): Promise<AlertPage>;
  /** Those of the newest alert first, and of one alert the newest first; the cost depends on `limit`. */
  listDeliveries(query: DeliveryQuery): Promise<DeliveryPage>;
  /**
   * At most `limit` events and alerts each that were stored or changed after the cursor; routing and the state of
   * deliveries count, a mere sighting does not. A change by any process is told at least once. Without a cursor: none,
   * and the cursor of now. `lost`: the cursor is of another store, or something that changed after it was dropped since.
   * `of` tells which of the two are read; events are many more than alerts, and dearer to read.
   */
  changes(after: string | null, limit: number, of?: ChangesOf): Promise<Changed | 'lost'>;
  /** The events of one source whose end the vendor has still to tell; see `isOngoing`. */
  ongoingEvents(source: string): Promise<readonly OngoingEvent[]>;
  /**
   * Pending deliveries that may be attempted now, the most urgent first, of targets that are not left out. `leaseNowMs` is
   * the time by `sharedClock`, where there is one.
   */
  dueDeliveries(
    nowMs: number,
    limit: number,
    withoutTargets?: readonly string[],
    leaseNowMs?: number,
  ): Promise<readonly DueDelivery[]>;
  /** Alerts whose `wake_at` has come. */
  dueAlerts(nowMs: number, limit: number): Promise<readonly DueAlert[]>;
  /** How many alerts with this storm key were opened since, and the newest of all of them, however long ago it opened. */
  stormOf(
    stormKey: string,
    since: string,
  ): Promise<{ readonly opened: number; readonly newest: AlertRecord | undefined }>;
  /** Counts the pending deliveries; the cost depends on them, never on how much is stored. */
  backlog(): Promise<Backlog>;
  /** How many events there are, and when the newest was first seen; the count may be an estimate. */
  size(): Promise<{ readonly events: number; readonly newestFirstSeenAt: string | null }>;

  /** Small states that must survive a restart, such as what is known of a status page. */
  loadState(key: string): Promise<unknown>;
  saveState(key: string, state: unknown): Promise<void>;
  /** Changes one state atomically, also against other processes. `change` may run more than once. */
  changeState<T>(key: string, change: (state: unknown) => { readonly state: unknown; readonly result: T }): Promise<T>;

  /**
   * Removes at most `limit` events first seen before `firstSeenBefore`, with their history, and tells how many. An event
   * that is ongoing, or whose alert is open or has a delivery pending, stays. Alerts go with their last event.
   */
  prune(firstSeenBefore: string, limit: number): Promise<number>;
  /**
   * Runs `work` while no other process that shares the store runs work of this name. A process that was halted for too
   * long may have lost the lock without having noticed: `isHeld` asks.
   */
  withLock<T>(name: string, work: (isHeld: IsHeld) => Promise<T>): Promise<T>;
  /** Whether this process is the one that does the work of this name, until `forMs` from now. It may ask again sooner; 0 gives it back. */
  tryLease(name: string, forMs: number): Promise<boolean>;
  /**
   * The clock that all processes go by which share the store, in milliseconds since 1970: theirs may differ. Undefined
   * where one process has the store to itself.
   */
  sharedClock(): Promise<(() => number) | undefined>;
  /** Resolves when the backend takes writes. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
