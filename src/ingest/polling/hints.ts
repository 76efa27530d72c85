// Hints that a status page has changed. The first one makes the status pages be read at once. Those that follow soon make
// them be read again when that time is over: vendors post in bursts, and the last post is the one that counts.
import type { Poller } from './poller.ts';

export interface Hints {
  /** Whether the status pages are read now; else they are within `hintEveryMs`. */
  take(requestId: string): boolean;
  stop(): void;
}

/** However many hints come, the status pages are read once in so long because of them. */
export const hintEveryMs = 15_000;

export const createHints = (poller: Pick<Poller, 'pullAnew'>): Hints => {
  let timer: NodeJS.Timeout | undefined;
  let waiting: string | undefined;

  const read = (requestId: string): void => {
    timer = setTimeout(readAgain, hintEveryMs);
    timer.unref();
    void poller.pullAnew(requestId);
  };

  const readAgain = (): void => {
    const requestId = waiting;
    timer = undefined;
    waiting = undefined;
    if (requestId !== undefined) read(requestId);
  };

  return {
    take(requestId) {
      if (timer === undefined) {
        read(requestId);
        return true;
      }
      waiting = requestId;
      return false;
    },
    stop() {
      clearTimeout(timer);
      waiting = undefined;
    },
  };
};
