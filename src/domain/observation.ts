// What a normalizer makes of a signal: one observation for each thing that the vendor says something about.

import type { Severity, UnifiedEvent } from './event.ts';
import type { Facts } from './facts.ts';

export type Observation = Sighting | Absence | ManualResolve | Reconsideration;

/** Where an alert is. */
export interface AlertPlace {
  readonly id: string;
  readonly scope: string;
}

/** The vendor showed something: an incident, a component that is not well, a payment that failed. */
export interface Sighting {
  readonly type: 'sighting';
  readonly event: UnifiedEvent;
  /** `event.raw` as JSON, where its text is at hand: writing it again would cost as much as the rest of the event. */
  readonly rawJson?: string;
  readonly facts: Facts;
  /** What the event is about: the same for every outage of one component. */
  readonly subject: string;
  /** Events of one scope may fold into one alert, and are decided one after the other: a status page, a Stripe object. */
  readonly scope: string;
  readonly traits: FoldTraits;
  /** The vendor's own time of its last change, or null where the vendor gives none. */
  readonly vendorUpdatedAt: string | null;
  /** Whether a later sighting may change the event. A Stripe event is a fact and never changes. */
  readonly revisable: boolean;
  /** Whether the vendor itself gave `resolved_at`; a time that we derived must not replace an earlier one. */
  readonly resolvedAtGiven: boolean;
  /** Its start is planned, and the vendor may move it: a maintenance's. All else goes on from when it was seen first. */
  readonly startMayMove?: boolean;
  readonly testMode: boolean;
  /** Of a component: the severity of the worst open incident of its status page that names it. */
  readonly incidentSeverity?: Severity;
  /** Of an incident: the components that it names, each with its group where the status page tells it. */
  readonly namedComponents?: readonly { readonly component: string; readonly group?: string | null }[];
  /** The event types whose alerts in this scope this event ends, when it was created later: the object is well again. */
  readonly endsTypes?: readonly string[];
  /** Part of the first good look at its status page, which may find much that has been down for weeks. */
  readonly firstLook?: boolean;
  /**
   * It was fetched afterwards, because we were away when it happened. `over`: it had ended before we knew of it.
   */
  readonly missed?: 'open' | 'over';
  /** An alert of another scope that takes the event in, if anybody was told of it. */
  readonly alert?: AlertPlace | null;
}

/** Something known is over, though the vendor did not show its end. */
export interface Absence {
  readonly type: 'absence';
  readonly eventId: string;
  readonly scope: string;
  readonly resolvedAt: string;
  readonly reason: string;
  /** The event's alert, where that may be of another scope. */
  readonly alert?: AlertPlace | null;
}

/** Somebody resolved an event by hand, although its vendor may still list it. */
export interface ManualResolve {
  readonly type: 'manual_resolve';
  readonly eventId: string;
  readonly scope: string;
  /** The event's alert, which a storm may have put into another scope. */
  readonly alert: AlertPlace | null;
  readonly note: string | null;
}

/** Nothing happened to the event, but other rules hold now. */
export interface Reconsideration {
  readonly type: 'reconsideration';
  readonly eventId: string;
  readonly scope: string;
}

export const eventIdOf = (observation: Observation): string =>
  observation.type === 'sighting' ? observation.event.event_id : observation.eventId;

/**
 * `page`: a status page that cannot be read, or that no longer lists a used name. `rate`: the share of payments that
 * failed.
 */
export const traitItems = ['incident', 'component', 'page', 'payment', 'maintenance', 'rate'] as const;

/** What folding needs to know of an event, beside its times. */
export interface FoldTraits {
  readonly item: (typeof traitItems)[number];
  /** An incident's name, a payment's event type; null for what is known by its id alone. */
  readonly name: string | null;
  /** The ids of the components that an incident names; a component's own id. */
  readonly components: readonly string[];
  /** The id of a component's group. */
  readonly group: string | null;
  /** How many leaf components the status page listed; 0 where there is no page. */
  readonly pageSize: number;
}
