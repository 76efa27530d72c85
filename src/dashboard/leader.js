// Of all visible tabs of one browser, one holds the live stream. A browser opens six connections to one HTTP/1.1 server:
// with a stream for each, the seventh tab would wait for ever.

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

const leaseMs = 6000;
const renewMs = 2000;

/** @param {string | null} text @param {number} nowMs */
const holderOf = (text, nowMs) => {
  const [id = '', until = '0'] = (text ?? '').split(' ');
  return Number(until) > nowMs && Number(until) <= nowMs + leaseMs ? id : null;
};

/**
 * By a lease in the browser's storage: Web Locks are for https and localhost alone.
 * @param {Storage} storage
 * @param {string} name
 * @param {() => void} onHeld
 * @returns {Leader}
 */
const createByLease = (storage, name, onHeld) => {
  const id = Math.random().toString(36).slice(2);
  let isHeld = false;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  const look = () => {
    const holder = holderOf(storage.getItem(name), Date.now());
    if (holder !== null && holder !== id) return;
    storage.setItem(name, `${id} ${Date.now() + leaseMs}`);
    if (isHeld) return;
    isHeld = true;
    onHeld();
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
      if (isHeld) storage.removeItem(name);
      isHeld = false;
    },
  };
};

/** A browser that keeps nothing shares nothing: each visible tab has its own stream. @param {() => void} onHeld @returns {Leader} */
const createAlone = (onHeld) => ({ request: onHeld, release: () => undefined });

/**
 * @param {string} name
 * @param {() => void} onHeld called when this tab is the one; `release` gives it up
 * @returns {Leader}
 */
export const createLeader = (name, onHeld) => {
  if (navigator.locks) return createByLocks(navigator.locks, name, onHeld);
  try {
    return createByLease(localStorage, name, onHeld);
  } catch {
    return createAlone(onHeld);
  }
};
