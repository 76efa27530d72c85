// When the service last answered, to a request or on the stream. Freshness is counted from then.
import { signal } from '@preact/signals';

export const heardAtMs = signal(Date.now());

export const noteAnswer = () => {
  heardAtMs.value = Date.now();
};
