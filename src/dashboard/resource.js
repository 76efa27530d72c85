// Something read from the service: what it is, why it could not be read, and a way to read it again.
import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ApiError } from './api.js';
import { noteFailedRead, onLive } from './live.js';

/** @import { LiveMessage } from './types.ts' */

/**
 * @template T
 * @typedef {object} Resource
 * @property {import('@preact/signals').Signal<T | undefined>} data the last that was read
 * @property {import('@preact/signals').Signal<ApiError | null>} error of the last try
 * @property {() => Promise<void>} refresh
 */

/** @param {unknown} error */
const toApiError = (error) => (error instanceof ApiError ? error : new ApiError(String(error)));

/**
 * @template T
 * @param {() => Promise<T>} load
 * @returns {Resource<T>}
 */
export const createResource = (load) => {
  /** @type {import('@preact/signals').Signal<T | undefined>} */
  const data = signal();
  /** @type {import('@preact/signals').Signal<ApiError | null>} */
  const error = signal(null);
  /** @type {Promise<void> | undefined} */
  let running;
  let isWantedAgain = false;

  const run = async () => {
    do {
      isWantedAgain = false;
      try {
        data.value = await load();
        error.value = null;
      } catch (problem) {
        error.value = toApiError(problem);
        noteFailedRead();
      }
    } while (isWantedAgain);
    running = undefined;
  };
  const refresh = () => {
    if (running) isWantedAgain = true;
    running ??= run();
    return running;
  };
  return { data, error, refresh };
};

/** So often at most something is read again because of what changes. */
const shortestMs = 2000;

/** @param {() => void} work */
const throttled = (work) => {
  let lastMs = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  return {
    call() {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          lastMs = Date.now();
          work();
        },
        Math.max(0, lastMs + shortestMs - Date.now()),
      );
    },
    cancel: () => clearTimeout(timer),
  };
};

/** @param {LiveMessage} message */
export const isAnything = ({ name }) => name === 'poll' || name === 'reset' || name === 'ready';

/**
 * A resource of one component, read when it appears and again when a message concerns it.
 * @template T
 * @param {() => Promise<T>} load
 * @param {string} key what is read: another key is another resource
 * @param {(message: LiveMessage) => boolean} [concerns] beside those after which everything is read again
 * @returns {Resource<T>}
 */
export const useResource = (load, key, concerns = () => false) => {
  // The key says all that `load` depends on.
  const resource = useMemo(() => createResource(load), [key]);
  useEffect(() => {
    const { call, cancel } = throttled(() => void resource.refresh());
    void resource.refresh();
    const stop = onLive((messages) => {
      if (messages.some((message) => isAnything(message) || concerns(message))) call();
    });
    return () => {
      stop();
      cancel();
    };
  }, [resource]);
  return resource;
};
