// What bounds one page of a listing, the same for every backend.

/** A page that has looked at this many rows ends, with where to go on. */
export const defaultMaxScan = 20_000;

/** What a test sets lower, so that it need not store so many events. */
export interface ListingBounds {
  readonly maxScan?: number | undefined;
}
