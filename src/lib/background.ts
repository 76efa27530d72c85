/** Work that nobody waits for, but the end of the process. */
export interface Background {
  /** @param work must not reject */
  add(work: Promise<void>): void;
  /** Resolves when none is under way. */
  idle(): Promise<void>;
}

export const createBackground = (): Background => {
  const running = new Set<Promise<void>>();
  return {
    add(work) {
      running.add(work);
      void work.finally(() => running.delete(work));
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
};
