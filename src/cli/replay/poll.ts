/** One answer of a status page, as it was captured. */
export interface Poll {
  /** Ms since 1970. */
  readonly atMs: number;
  readonly body: unknown;
}

export interface Recording {
  /** About how many polls there are. */
  readonly count: number;
  /** In the order of the file. Throws `CommandFailed` at a line that is none. */
  readonly polls: Iterable<Poll>;
}
