// When the service last answered, to a request or on the stream. Freshness is counted from then.
import { signal } from '@preact/signals';
import { serverNow, setServerTime } from './clock.js';

export const heardAtMs = signal(serverNow());

/** @param {string | null} [date] the answer's own time */
export const noteAnswer = (date = null) => {
  if (date !== null) setServerTime(date);
  heardAtMs.value = serverNow();
};
