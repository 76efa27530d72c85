/**
 * Notices that this process was halted: its machine slept, or it was stopped. To be asked every few seconds. A clock that
 * steps ahead looks the same.
 * @returns since when it was halted, in milliseconds since 1970; undefined when it was not
 */
export const createHaltWatch = (now: () => number, longerThanMs: number): (() => number | undefined) => {
  let lastMs = now();
  return () => {
    const beforeMs = lastMs;
    lastMs = now();
    return lastMs - beforeMs > longerThanMs ? beforeMs : undefined;
  };
};
