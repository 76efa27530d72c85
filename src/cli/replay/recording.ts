/** One answer of a status page, as it was captured. */
export interface Poll {
  /** Ms since 1970. */
  readonly atMs: number;
  readonly body: unknown;
}

/** An event of Stripe, at the time at which it came. */
export interface Webhook {
  readonly atMs: number;
  readonly event: object;
}

export type Recorded = Poll | Webhook;

export interface Recording {
  /** About how many polls and webhooks there are. */
  readonly count: number;
  /** In the order of the file. Throws `CommandFailed` at a line that is neither. */
  readonly recorded: Iterable<Recorded>;
}
