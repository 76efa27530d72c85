// What changes, as it changes, for all tabs of one browser: one of the visible ones has the stream and tells the others.
import { batch, signal } from '@preact/signals';
import { readHealth } from './api.js';
import { serverNow } from './clock.js';
import { heardAtMs, noteAnswer } from './heard.js';
import { createLeader } from './leader.js';
import { openStream } from './stream.js';

/** @import { LiveMessage } from './types.ts' */
/** @typedef {'connecting' | 'stream' | 'reconnecting' | 'polling'} StreamState */
/** @typedef {{ type: 'message', message: LiveMessage, cursor: string } | { type: 'state', state: StreamState } | { type: 'hello' }} Told */

/** How changes come in. @type {import('@preact/signals').Signal<StreamState>} */
export const streamState = signal('connecting');
/** Whether this tab is the one with the stream. */
export const holdsStream = signal(false);

/** @typedef {(messages: readonly LiveMessage[]) => void} Listener */
/** @type {Set<Listener>} */
const listeners = new Set();

/**
 * Hears of what changed, some messages at a time.
 * @param {Listener} listener
 * @returns {() => void} stops it
 */
export const onLive = (listener) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** Under load the dashboard is drawn five times a second, and not for every message. */
const collectMs = 200;
const pollMs = 15_000;
/** A stream says something every 15 s. */
const silentMs = 20_000;
/** A tab that was hidden for longer may have missed what the others were told. */
const missedAfterMs = 5000;

/** @type {LiveMessage[]} */
let collected = [];

let hasFailed = false;
/** What could not be read is read again soon, also where nothing changes. */
export const noteFailedRead = () => {
  hasFailed = true;
};

const flush = () => {
  const messages = collected;
  collected = [];
  batch(() => {
    for (const listener of listeners) listener(messages);
  });
};

/** @param {LiveMessage} message */
const collect = (message) => {
  if (message.name === 'alive') return;
  if (collected.length === 0) setTimeout(flush, collectMs);
  collected.push(message);
};

/** All tabs that have this dashboard, and no other on the same host. */
const name = () => `vendor-signals:${new URL('./', location.href).pathname}`;

export const startLive = () => {
  const channel = new BroadcastChannel(name());
  /** @param {Told} told */
  const tell = (told) => channel.postMessage(told);
  /** @type {string | null} */
  let cursor = null;
  let hiddenAtMs = 0;
  /** @type {{ close(): void } | undefined} */
  let stream;

  /** @param {LiveMessage} message @param {string} newCursor */
  const take = (message, newCursor) => {
    if (newCursor !== '') cursor = newCursor;
    noteAnswer();
    collect(message);
  };

  /** @param {StreamState} state */
  const setState = (state) => {
    if (streamState.value === state) return;
    streamState.value = state;
    if (stream) tell({ type: 'state', state });
  };

  channel.addEventListener('message', ({ data }) => {
    /** @type {Told} */
    const told = data;
    if (told.type === 'message') take(told.message, told.cursor);
    else if (told.type === 'state') streamState.value = told.state;
    else if (stream) tell({ type: 'state', state: streamState.value });
  });

  const closeStream = () => {
    stream?.close();
    stream = undefined;
    holdsStream.value = false;
  };

  const openOwn = () => {
    holdsStream.value = true;
    const isFirst = cursor === null;
    stream = openStream({
      cursor: () => cursor,
      answers: () =>
        readHealth().then(
          () => true,
          () => false,
        ),
      onState: setState,
      onMessage(message, newCursor) {
        // What was read before the first `ready` may lack what changed until then.
        const said =
          isFirst || message.name !== 'ready' ? message : { ...message, name: /** @type {const} */ ('alive') };
        take(said, newCursor);
        tell({ type: 'message', message: said, cursor: newCursor });
      },
    });
  };

  const leader = createLeader(name(), openOwn, () => {
    closeStream();
    tell({ type: 'hello' });
  });

  const letGo = () => {
    closeStream();
    leader.release();
  };

  const follow = () => {
    if (document.hidden) {
      hiddenAtMs = Date.now();
      letGo();
      return;
    }
    if (hiddenAtMs !== 0 && Date.now() - hiddenAtMs > missedAfterMs) collect({ name: 'poll', data: null });
    tell({ type: 'hello' });
    leader.request();
  };

  document.addEventListener('visibilitychange', follow);
  addEventListener('pagehide', letGo);
  addEventListener('pageshow', ({ persisted }) => {
    if (persisted) follow();
  });
  setInterval(() => {
    const isSilent = serverNow() - heardAtMs.value > silentMs;
    if (document.hidden || !(isSilent || hasFailed || streamState.value !== 'stream')) return;
    hasFailed = false;
    collect({ name: 'poll', data: null });
  }, pollMs);
  follow();
};
