/** Work that repeats itself until it is stopped. */
export interface Repeating {
  /** Ends it, and waits for a run that is under way. */
  stop(): Promise<void>;
}

/**
 * Runs `work` every so many milliseconds from now on, and never twice at once: a run that comes due while one is under
 * way is left out. `work` must not reject.
 */
export const repeat = (work: () => Promise<void>, everyMs: number): Repeating => {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= work().finally(() => {
      running = undefined;
    });
  }, everyMs);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
};
