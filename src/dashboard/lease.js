// Which tab is the one, by a lease in the browser's storage that all tabs read: Web Locks are for https and localhost alone.

/** @import { Leader } from './leader.js' */

/** After this long without a word from its holder a lease is another's to take. */
const leaseMs = 6000;
const renewMs = 2000;

/** @param {string | null} text @param {number} nowMs */
const holderOf = (text, nowMs) => {
  const [id = '', until = '0'] = (text ?? '').split(' ');
  return Number(until) > nowMs && Number(until) <= nowMs + leaseMs ? id : null;
};

/**
 * A tab that the browser held up (a laptop that slept) may find its lease in other hands. Two that take a free one at the
 * same moment are sorted out at the next look: the last to write holds it.
 * @param {Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} storage
 * @param {string} name
 * @param {() => void} onHeld
 * @param {() => void} onLost called when another tab took it over; it is asked for still
 * @returns {Leader}
 */
export const createByLease = (storage, name, onHeld, onLost) => {
  const id = Math.random().toString(36).slice(2);
  let isHeld = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const holder = () => holderOf(storage.getItem(name), Date.now());
  const renew = () => {
    try {
      storage.setItem(name, `${id} ${Date.now() + leaseMs}`);
    } catch {
      // A full storage: this tab has a stream of its own.
    }
  };
  const look = () => {
    const current = holder();
    const isOthers = current !== null && current !== id;
    if (!isOthers) renew();
    if (isHeld !== isOthers) return;
    isHeld = !isOthers;
    if (isHeld) onHeld();
    else onLost();
  };
  return {
    request() {
      if (timer !== undefined) return;
      timer = setInterval(look, renewMs);
      look();
    },
    release() {
      clearInterval(timer);
      timer = undefined;
      if (isHeld && holder() === id) storage.removeItem(name);
      isHeld = false;
    },
  };
};
