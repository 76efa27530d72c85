// Of all visible tabs of one browser, one holds the live stream. A browser opens six connections to one HTTP/1.1 server:
// with a stream for each, the seventh tab would wait for ever.
import { createByLease } from './lease.js';

/** @typedef {{ request(): void, release(): void }} Leader */

/**
 * By Web Locks, which the browser hands on when a tab is closed or crashes.
 * @param {LockManager} locks
 * @param {string} name
 * @param {() => void} onHeld
 * @returns {Leader}
 */
const createByLocks = (locks, name, onHeld) => {
  /** @type {AbortController | undefined} */
  let asking;
  /** @type {(() => void) | undefined} */
  let letGo;
  return {
    request() {
      if (asking || letGo) return;
      const current = new AbortController();
      asking = current;
      locks
        .request(name, { signal: current.signal }, () => {
          if (asking === current) asking = undefined;
          if (current.signal.aborted) return undefined;
          const held = new Promise((resolve) => {
            letGo = () => resolve(undefined);
          });
          onHeld();
          return held;
        })
        .catch(() => undefined);
    },
    release() {
      asking?.abort();
      asking = undefined;
      letGo?.();
      letGo = undefined;
    },
  };
};

/** A browser that keeps nothing shares nothing: each visible tab has its own stream. @param {() => void} onHeld @returns {Leader} */
const createAlone = (onHeld) => ({ request: onHeld, release: () => undefined });

/**
 * @param {string} name
 * @param {() => void} onHeld called when this tab is the one; `release` gives it up
 * @param {() => void} onLost called when another tab has become the one
 * @returns {Leader}
 */
export const createLeader = (name, onHeld, onLost) => {
  if (navigator.locks) return createByLocks(navigator.locks, name, onHeld);
  try {
    return createByLease(localStorage, name, onHeld, onLost);
  } catch {
    return createAlone(onHeld);
  }
};
