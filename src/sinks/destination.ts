// What a destination is: it makes one attempt and says how that ended. Trying again, recording, pausing and giving up are
// deliverer.ts's, so a new kind is one folder and one line in registry.ts.
import type { Alert } from '../domain/alert.ts';
import type { AttemptOutcome, Delivery } from '../domain/delivery.ts';
import type { DestinationTraits } from '../domain/destination-traits.ts';
import type { UnifiedEvent } from '../domain/event.ts';
import type { Facts } from '../domain/facts.ts';
import type { RequestPreview } from '../domain/request-preview.ts';

/** An event as a message shows it. */
export interface TellableEvent {
  readonly event: UnifiedEvent;
  readonly facts: Facts;
  readonly testMode: boolean;
}

export interface SendRequest {
  /** Whose `action`, `reason` and `key` say what is told. */
  readonly delivery: Delivery;
  readonly alert: Alert;
  /** What the delivery speaks of. */
  readonly about: TellableEvent;
  /** The others that it carries, at most 20 of them. */
  readonly others: readonly TellableEvent[];
  /** What an earlier delivery of this alert at this target left to be remembered, newest; see `SendResult.memo`. */
  readonly memo: string | undefined;
  /** Where people reach our dashboard, without a slash at its end; null when that is not known. */
  readonly publicUrl: string | null;
  readonly requestId: string;
  /** What the other side says, vendor or payments: one or two sentences. Absent where there is nothing to say. */
  readonly otherSide?: string | undefined;
  /** Headers that tie the request to the trace under way, to be sent on. */
  readonly traceHeaders?: Readonly<Record<string, string>>;
}

/**
 * How an attempt ended. `transient`: not accepted, worth trying again. `throttled`: the same, told when to come back.
 * `unknown`: no answer came, so it may have been accepted. `permanent`: trying again changes nothing.
 */
export type SendResult =
  | {
      readonly outcome: 'delivered';
      readonly statusCode: number;
      /** What the next delivery of this alert needs to know, at most 500 characters: a message's id, for instance. */
      readonly memo?: string;
      /** Who of several did not take it, and why. */
      readonly refused?: string;
    }
  | {
      readonly outcome: Exclude<AttemptOutcome, 'delivered'>;
      readonly statusCode: number | null;
      readonly error: string;
      /** The delay that the destination asked for, in milliseconds. */
      readonly retryAfterMs: number | null;
    };

/** A vendor's announced maintenance, which is no alert. */
export interface MaintenanceNotice {
  readonly about: TellableEvent;
  readonly phase: 'began' | 'ended';
  /** When, as the vendor has it. */
  readonly at: string;
  readonly requestId: string;
}

export interface Destination extends DestinationTraits {
  /** The kind: `pagerduty`, `slack`, … */
  readonly type: string;
  /** At most this many requests in any 60 seconds, over all replicas; null for no limit. */
  readonly perMinute: number | null;
  /** Whether `send` needs the vendor's object; elsewhere `raw` is null. */
  readonly showsRaw: boolean;
  /** What is open has to be sent again so often, or the destination takes it for over. Absent where that is not so. */
  readonly repeatEveryMs?: number;
  /** The request that `send` would make, with every secret in it replaced by "(set)". */
  preview(request: SendRequest): RequestPreview;
  /** Makes one attempt, within the time-out that it was made with. Never rejects. */
  send(request: SendRequest): Promise<SendResult>;
  /** Tells that a vendor's maintenance began or ended. Absent where nobody asked for that. Never rejects. */
  tellMaintenance?(notice: MaintenanceNotice): Promise<SendResult>;
}
