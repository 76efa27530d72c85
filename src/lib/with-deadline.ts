import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks one question at a time, and waits no longer than the limit: undefined stands for no answer. A store that hangs
 * must neither hold up a scrape or a stop nor be asked again by each.
 */
export const withDeadline = <T>(ask: () => Promise<T>, limitMs: number): (() => Promise<T | undefined>) => {
  let asked: Promise<T | undefined> | undefined;
  const begin = (): Promise<T | undefined> =>
    ask()
      .catch(() => undefined)
      .finally(() => {
        asked = undefined;
      });
  return async () => {
    asked ??= begin();
    const late = new AbortController();
    try {
      return await Promise.race([asked, sleep(limitMs, undefined, { signal: late.signal, ref: false })]);
    } finally {
      late.abort();
    }
  };
};
