// The time that ages are counted from, and the zone in which times are written.
import { signal } from '@preact/signals';
import { readSetting, writeSetting } from './settings.js';

/** Moves on by itself, and a component that reads it is drawn again. */
export const nowMs = signal(Date.now());

/** UTC, or undefined for the reader's own zone. @type {import('@preact/signals').Signal<'UTC' | undefined>} */
export const timeZone = signal(readSetting('utc') === 'yes' ? 'UTC' : undefined);

export const toggleUtc = () => {
  timeZone.value = timeZone.value === undefined ? 'UTC' : undefined;
  writeSetting('utc', timeZone.value === undefined ? 'no' : 'yes');
};

const tickMs = 5000;

export const startClock = () => {
  const tick = () => {
    if (!document.hidden) nowMs.value = Date.now();
  };
  setInterval(tick, tickMs);
  document.addEventListener('visibilitychange', tick);
};
