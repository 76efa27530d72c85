import type { DestinationTraits } from '../domain/destination-traits.ts';

/** What the configuration says of a destination of any kind. */
export interface Naming extends Pick<DestinationTraits, 'name' | 'reachesPeople' | 'fallback'> {
  /** Null for no limit; undefined for what is usual for its kind. */
  readonly perMinute?: number | null | undefined;
}

/** As a destination has it. `usual` is the pace of its kind. */
export const namingOf = ({ name, reachesPeople, fallback, perMinute }: Naming, usual: number | null) => ({
  name,
  reachesPeople,
  fallback,
  perMinute: perMinute === undefined ? usual : perMinute,
});
