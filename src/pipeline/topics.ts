// What travels on the bus. Each topic says when it fires; its payload is read-only.
import type { UnifiedEvent } from '../domain/event.ts';

/** The thread that ties every message and log line to what caused it. */
export interface Thread {
  readonly signalId: string;
  readonly requestId: string;
}

/** One verified vendor payload, raw. `vendor` names the adapter that understands it. */
export interface Signal extends Thread {
  readonly vendor: string;
  readonly source: string;
  readonly payload: unknown;
}

/** What a normalizer makes of a signal: something was seen, or something known is over. Or somebody says that it is. */
export type Observation = Seen | Gone | Closed;

export interface Seen {
  readonly type: 'seen';
  readonly event: UnifiedEvent;
  readonly subject: string;
  /** The vendor's own time of its last change, or null where the vendor gives none. */
  readonly vendorUpdatedAt: string | null;
  /** Whether a later sighting may change the event. A Stripe event is a fact and never changes. */
  readonly revisable: boolean;
  /** Whether the vendor itself gave `resolved_at`; a time that we derived must not replace an earlier one. */
  readonly resolvedAtGiven: boolean;
  readonly testMode: boolean;
}

export interface Gone {
  readonly type: 'gone';
  readonly eventId: string;
  readonly resolvedAt: string;
  readonly reason: string;
}

/** Somebody resolved an event by hand, whatever its vendor says. */
export interface Closed {
  readonly type: 'closed';
  readonly eventId: string;
  readonly note: string | null;
}

/** Turns one vendor's payload into an observation. Pure; throws only for a payload that its source let through wrongly. */
export type Normalizer = (signal: Signal) => Observation;

export type Verdict = 'new' | 'changed' | 'seen';
export type StoredChange = 'stored' | 'updated' | 'resolved' | 'reopened' | 'revised';
export type StopReason = 'ignored' | 'duplicate' | 'older' | 'unrouted';

export type Topics = {
  /** A handler or a poller took in and checked a vendor payload. */
  'signal.received': Signal;
  /** A signal, or what somebody did by hand, became an observation in terms of the unified event. */
  'observation.normalized': Thread & { readonly observation: Observation };
  /** An observation was compared with what is stored: it is new, a change, or seen before. */
  'observation.judged': Thread & { readonly observation: Observation; readonly verdict: Verdict };
  /** An event was stored, or changed what is stored; or a crash left it unrouted and recovery found it. */
  'event.stored': Thread & {
    readonly eventId: string;
    readonly change: StoredChange | 'recovered';
    readonly severity?: UnifiedEvent['severity'];
  };
  /** Deliveries are owed, or owed again, and may be tried now. */
  'delivery.queued': Thread & {
    readonly eventId: string;
    readonly deliveryIds: readonly string[];
    /** A `trigger` was newly handed to a destination. */
    readonly triggered: boolean;
    /** Why the event was routed so; absent when recovery queues again what was decided before. */
    readonly reason?: string;
  };
  /** A stage had nothing to pass on. */
  'stage.stopped': Thread & {
    readonly stage: string;
    readonly reason: StopReason;
    readonly eventId: string | null;
    /** In words, where there is more to say than the reason. */
    readonly detail?: string;
  };
  /** A stage threw; what it had taken in went no further. */
  'stage.failed': Thread & { readonly stage: string; readonly error: unknown };
  /** Something that only looks at a topic threw; the work itself goes on. */
  'listener.failed': Thread & { readonly topic: string; readonly error: unknown };
};

export type Topic = keyof Topics;
