import type { Severity } from '../domain/event.ts';

/** What a word or a number of a vendor means, in Statuspage's words. */
export interface Condition {
  /** What a component is. */
  readonly status: string;
  /** What an incident causes. */
  readonly impact: string;
  readonly severity: Severity;
}
