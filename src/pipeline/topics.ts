// What travels on the bus, once it is true. What travels inside a transaction, which may run more than once, is a map of
// its own (draft-topics.ts), so that no observer gets into a transaction.
import type { Alert } from '../domain/alert.ts';
import type { Delivery } from '../domain/delivery.ts';
import type { Severity } from '../domain/event.ts';
import type { EventChange } from '../domain/lifecycle.ts';
import type { Observation, Sighting } from '../domain/observation.ts';

/** The thread that ties every message and log line to what caused it. */
export interface Thread {
  readonly signalId: string;
  readonly requestId: string;
}

/** One verified vendor payload, raw: one webhook body, or one fetched summary. `vendor` names the adapter for it. */
export interface Signal extends Thread {
  readonly vendor: string;
  readonly source: string;
  readonly payload: unknown;
  /** What its source made of the payload while checking it, which its normalizer then need not do again. */
  readonly checked?: unknown;
  /** The body's text, where the payload is all of it. */
  readonly rawJson?: string | undefined;
  /** It was fetched afterwards; see `Sighting.missed`. */
  readonly missed?: Sighting['missed'] | undefined;
  /** A header of the request, in any case; undefined where there was none. */
  readonly header?: ((name: string) => string | undefined) | undefined;
}

/** How serious the rules make a sighting, which has the severity of the built-in tables; `info` if `uses` leaves it out. */
export type SeverityOf = (sighting: Sighting) => Severity;

/**
 * Turns one vendor's payload into observations, in the order in which they are decided. Pure; throws only for a payload
 * that its source let through wrongly.
 * @param severityOf by the built-in tables if it is absent
 */
export type Normalizer = (signal: Signal, severityOf?: SeverityOf) => readonly Observation[];

/** Why an observation changed nothing: seen before, an old copy, or nothing that it could change. */
export type Unchanged = 'duplicate' | 'older' | 'ignored';

/** What became of one observation. */
export type Outcome =
  | {
      readonly kind: EventChange;
      readonly eventId: string;
      /** The event was newly handed to a destination, by trigger or update. */
      readonly routed: boolean;
    }
  | { readonly kind: Unchanged; readonly eventId: string; readonly routed: false }
  | { readonly kind: 'failed'; readonly eventId: string; readonly error: unknown; readonly routed: false };

/** As much of a delivery as its place among all that wait depends on. */
export type QueuedDelivery = Pick<
  Delivery,
  'id' | 'target' | 'destination' | 'reaches_people' | 'action' | 'severity' | 'created_at'
>;

export type Topics = {
  /** A handler or a poller took in and checked a vendor payload. */
  'signal.received': Signal;
  /** A signal, or what somebody did by hand, became observations in terms of the unified event. */
  'signal.normalized': Thread & { readonly observations: readonly Observation[] };
  /** Everything in a signal was decided and is stored, or failed. */
  'signal.processed': Thread & { readonly outcomes: readonly Outcome[] };
  /** An event was stored, or changed what is stored. */
  'event.stored': Thread & {
    readonly eventId: string;
    readonly change: EventChange;
    readonly source: string;
    readonly severity: Severity;
    readonly alertId: string | null;
  };
  /** An observation changed nothing. */
  'event.unchanged': Thread & { readonly eventId: string; readonly source: string; readonly reason: Unchanged };
  /** It was decided whether an event is sent, and to whom. */
  'routing.decided': Thread & {
    readonly eventId: string;
    readonly alertId: string | null;
    readonly deliveryIds: readonly string[];
    readonly reason: string;
  };
  /** An alert was opened, took in an event, changed, eased, ended. */
  'alert.changed': Thread & {
    readonly alertId: string;
    readonly change: 'opened' | 'reopened' | 'updated' | 'resolved';
    readonly state: Alert['state'];
    readonly source: string;
    readonly severity: Severity;
  };
  /** The time has come to look at an alert again, or new rules are asked of it. */
  'alert.due': Thread & { readonly alertId: string; readonly scope: string; readonly cause: 'time' | 'rules' };
  /** That was done. */
  'alert.looked_at': Thread & { readonly alertId: string };
  /** Deliveries wait and may be tried now. */
  'delivery.queued': Thread & {
    readonly alertId: string;
    readonly scope: string;
    readonly deliveries: readonly QueuedDelivery[];
  };
  /** A stage, or the transaction that it ran in, threw; what it had taken in went no further. */
  'stage.failed': Thread & { readonly stage: string; readonly error: unknown };
  /** Something that only looks at a topic threw; the work itself goes on. */
  'listener.failed': Thread & { readonly topic: string; readonly error: unknown };
};

export type Topic = keyof Topics;
