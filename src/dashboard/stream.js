// One stream of server-sent events, watched: it connects again by itself, goes on where it was, and says when streams do
// not get through at all.

/** @import { LiveMessage } from './types.ts' */

const names = /** @type {const} */ (['ready', 'changed', 'gone', 'alert', 'reset', 'alive']);

/** The server says something every 15 s. */
const silentMs = 40_000;
/** A proxy that collects the stream lets nothing through; an answer to a request takes no such time. */
const readyWithinMs = 8000;
const againMs = 2000;
const failuresBeforePolling = 3;
/** While polling, the stream is tried again so often. */
const tryAgainMs = 120_000;

/**
 * @typedef {object} StreamPorts
 * @property {(message: LiveMessage, cursor: string) => void} onMessage
 * @property {(state: 'stream' | 'reconnecting' | 'polling') => void} onState
 * @property {() => string | null} cursor where to go on
 * @property {() => Promise<boolean>} answers whether the service answers other requests
 */

/**
 * @param {StreamPorts} ports
 * @returns {{ close(): void }}
 */
export const openStream = ({ onMessage, onState, cursor, answers }) => {
  /** @type {EventSource | undefined} */
  let source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let failures = 0;
  let isClosed = false;

  /** @param {() => void} work @param {number} afterMs */
  const later = (work, afterMs) => {
    clearTimeout(timer);
    timer = setTimeout(work, afterMs);
  };

  const fail = () => {
    source?.close();
    failures += 1;
    if (failures < failuresBeforePolling) {
      onState('reconnecting');
      later(connect, againMs);
      return;
    }
    // A service that is away lets no stream through either.
    clearTimeout(timer);
    const failed = failures;
    void answers().then((isThere) => {
      if (isClosed || failures !== failed) return;
      onState(isThere ? 'polling' : 'reconnecting');
      later(connect, isThere ? tryAgainMs : againMs);
    });
  };

  const connect = () => {
    const after = cursor();
    const current = new EventSource(`live?${new URLSearchParams({ events: 'ids', ...(after !== null && { after }) })}`);
    source = current;
    later(fail, readyWithinMs);
    for (const name of names) {
      current.addEventListener(name, (event) => {
        if (!(event instanceof MessageEvent) || source !== current) return;
        failures = 0;
        later(fail, silentMs);
        onState('stream');
        onMessage({ name, data: JSON.parse(event.data) }, event.lastEventId);
      });
    }
    current.addEventListener('error', () => {
      if (source === current) fail();
    });
  };

  connect();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
      source?.close();
      source = undefined;
    },
  };
};
