// What a decision about whom to tell depends on, beside the alert.
import type { Policy } from './ruling.ts';

export interface NotifyContext {
  readonly policy: Policy;
  readonly nowMs: number;
  readonly requestId: string;
  /** The event whose words changed in this step. */
  readonly wordsOf?: string | undefined;
  /** The incident that became critical in this step. */
  readonly roseOf?: string | undefined;
  /** Whether what was refused for good is tried anew: when the vendor says something new, and not when time passes. */
  readonly retriesFailed: boolean;
  /** Whether the event was closed by hand, so that an end of its alert waits for nothing. */
  readonly isByHand?: boolean;
  /** Whether an event that goes on is new, or its vendor says something new of it: not that another one has ended. */
  readonly isNews: boolean;
}
