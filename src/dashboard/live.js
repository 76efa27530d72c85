// The live stream. The browser connects again by itself after a cut, and says where it was; what it gives up on (an
// answer that is no stream) and what just falls silent is taken up here, from the same place.

/** @import { EventView } from './types.ts' */

/** The service says something every 15 seconds. */
const silentMs = 40_000;
const retryMs = 3000;

/**
 * @param {{
 *   onReady: () => void, onReset: () => void, onChanged: (event: EventView) => void,
 *   onCut: () => void, onRefused: () => void,
 * }} listeners `onReady` each time it is connected, `onReset` when changes were missed that cannot be told, `onRefused`
 * when the answer is no stream: the browser does not say why
 */
export const connect = ({ onReady, onReset, onChanged, onCut, onRefused }) => {
  let cursor = '';
  let heardMs = Date.now();
  /** @type {EventSource} */
  let source;

  const open = () => {
    heardMs = Date.now();
    source = new EventSource(cursor === '' ? 'live' : `live?after=${encodeURIComponent(cursor)}`);
    /** @param {string} name @param {(message: MessageEvent) => void} [listener] */
    const on = (name, listener) => {
      source.addEventListener(name, (message) => {
        heardMs = Date.now();
        if (message.lastEventId !== '') cursor = message.lastEventId;
        listener?.(message);
      });
    };
    on('alive');
    on('ready', onReady);
    on('reset', onReset);
    on('changed', ({ data }) => onChanged(JSON.parse(data)));
    source.addEventListener('error', () => {
      onCut();
      if (source.readyState !== EventSource.CLOSED) return;
      onRefused();
      setTimeout(reopen, retryMs * (0.5 + Math.random()));
    });
  };

  const reopen = () => {
    source.close();
    open();
  };

  open();
  setInterval(() => {
    if (Date.now() - heardMs < silentMs || source.readyState === EventSource.CLOSED) return;
    onCut();
    reopen();
  }, 5000);
};
