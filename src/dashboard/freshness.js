// Whether what is shown may be believed, and what to say when it may not.
import { duration } from './time.js';

/** After this long without a word from the service, what is shown is taken for old. A stream says something every 15 s. */
const oldAfterMs = 40_000;
/** A restart takes a few seconds. */
const awayAfterMs = 8000;

/**
 * @param {'connecting' | 'stream' | 'reconnecting' | 'polling'} state
 * @param {number} ageMs since the service was heard of last
 * @returns {{ level: 'live' | 'polling' | 'waiting' | 'lost', words: string }}
 */
export const freshnessOf = (state, ageMs) => {
  const age = duration(ageMs);
  if (ageMs > oldAfterMs || (state === 'reconnecting' && ageMs > awayAfterMs))
    return { level: 'lost', words: `No contact for ${age}` };
  if (state === 'stream') return { level: 'live', words: 'Live' };
  if (state === 'polling') return { level: 'polling', words: `Every 15 s, as of ${age} ago` };
  return { level: 'waiting', words: state === 'connecting' ? 'Connecting…' : `Reconnecting, as of ${age} ago` };
};
