// What a destination is: it makes one attempt and says how that ended. Trying again, recording and giving up are
// deliver.ts's, so a new destination is one folder and one line in registry.ts.
import type { Action, AttemptOutcome } from '../domain/delivery.ts';
import type { UnifiedEvent } from '../domain/event.ts';
import type { RequestPreview } from '../domain/request-preview.ts';

export interface SendRequest {
  readonly action: Action;
  readonly event: UnifiedEvent;
  readonly requestId: string;
  /** Headers that tie the request to the trace under way, to be sent on. */
  readonly traceHeaders?: Readonly<Record<string, string>>;
}

/**
 * How an attempt ended. `transient`: not accepted, worth trying again. `throttled`: the same, told when to come back.
 * `unknown`: no answer came, so it may have been accepted. `permanent`: trying again changes nothing.
 */
export type SendResult =
  | { readonly outcome: 'delivered'; readonly statusCode: number }
  | {
      readonly outcome: Exclude<AttemptOutcome, 'delivered'>;
      readonly statusCode: number | null;
      readonly error: string;
      /** The delay that the destination asked for, in milliseconds. */
      readonly retryAfterMs: number | null;
    };

export interface Sink {
  /** The destination's name, as deliveries and `delivered_to` have it. */
  readonly destination: string;
  /** Whether a person is at its other end. */
  readonly reachesPeople: boolean;
  /** The request that `send` would make. */
  preview(request: SendRequest): RequestPreview;
  /** Makes one attempt, within the time-out that it was made with. Never rejects. */
  send(request: SendRequest): Promise<SendResult>;
}
