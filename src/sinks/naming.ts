import type { DestinationTraits } from '../domain/destination-traits.ts';

/** What a destination of any kind is told by whoever configures it. */
export interface Naming extends Pick<DestinationTraits, 'name' | 'reachesPeople' | 'fallback'> {
  /** Null for no limit; undefined for what is usual for its kind. */
  readonly perMinute?: number | null | undefined;
}
