// When the service was heard of last, by whatever way. Nothing on the dashboard may look well for longer than that.
import { signal } from '@preact/signals';

export const heardAtMs = signal(Date.now());

export const noteAnswer = () => {
  heardAtMs.value = Date.now();
};
