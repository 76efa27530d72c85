/** What deciding whom to tell must know of a destination; how it is told is its sink's. */
export interface DestinationTraits {
  /** As deliveries, reasons and `delivered_to` have it. */
  readonly name: string;
  /** Its identity: its type and a hash of its target (key, address, channel). A new name tells nobody anew. */
  readonly target: string;
  /** Whether a person is at its other end. */
  readonly reachesPeople: boolean;
  /** Whether a new title, phase or text of an alert is an update there. */
  readonly showsWords: boolean;
  /** Whether its messages bear the alert's key, so that an end under a key that it does not know is passed over there. */
  readonly hasKeys: boolean;
  /**
   * How updates of one alert are gathered: the first goes out at once, what follows waits until this many milliseconds
   * after the one before and goes out together. Null: each event is an update of its own, at once.
   */
  readonly updateEveryMs: number | null;
  /** The destination that tells a trigger which this one has not accepted after so many milliseconds. */
  readonly fallback: { readonly to: string; readonly afterMs: number } | null;
}

/** The destination that stands in for this one; undefined where none does, or it is not configured. */
export const standInOf = <T extends Pick<DestinationTraits, 'name'>>(
  { fallback }: Pick<DestinationTraits, 'fallback'>,
  configured: readonly T[],
): T | undefined => configured.find(({ name }) => name === fallback?.to);
