// The time that ages are counted from, and the zone in which times are written.
import { signal } from '@preact/signals';
import { readSetting, writeSetting } from './settings.js';

/** By how much the service's clock is ahead of the browser's. */
let aheadMs = 0;

/** Now, by the clock that wrote the times that are shown. */
export const serverNow = () => Date.now() + aheadMs;

/** Moves on by itself, and a component that reads it is drawn again. */
export const nowMs = signal(serverNow());

/** An answer's own time is a whole second, and the answer may have taken some: no less than this is a wrong clock. */
const wrongByMs = 60_000;

/** @param {string} date of an answer that has just come */
export const setServerTime = (date) => {
  const foundMs = Date.parse(date) - Date.now();
  if (!(Math.abs(foundMs - aheadMs) > wrongByMs)) return;
  aheadMs = foundMs;
  nowMs.value = serverNow();
};

/** UTC, or undefined for the reader's own zone. @type {import('@preact/signals').Signal<'UTC' | undefined>} */
export const timeZone = signal(readSetting('utc') === 'yes' ? 'UTC' : undefined);

export const toggleUtc = () => {
  timeZone.value = timeZone.value === undefined ? 'UTC' : undefined;
  writeSetting('utc', timeZone.value === undefined ? 'no' : 'yes');
};

const tickMs = 5000;

export const startClock = () => {
  const tick = () => {
    if (!document.hidden) nowMs.value = serverNow();
  };
  setInterval(tick, tickMs);
  document.addEventListener('visibilitychange', tick);
};
