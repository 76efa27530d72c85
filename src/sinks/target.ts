// A destination's identity: its type and a hash of where it leads. A new name or another secret of the same place is the
// same destination, and tells nobody anew.
import { hash } from 'node:crypto';

/** @param place the key, the address or the channel, in as many parts as it takes */
export const targetOf = (type: string, ...place: readonly [string, ...string[]]): string => {
  const text = place.length === 1 ? place[0] : JSON.stringify(place);
  return `${type}:${hash('sha256', text).slice(0, 16)}`;
};
