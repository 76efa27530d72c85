// When prom-client has looked at the delay of the event loop since the last scrape.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often the delay of the event loop is looked at: prom-client's own choice. */
export const loopSampleMs = 10;

export interface LoopSamples {
  /** Resolves when prom-client has a sample, or after a second. */
  arrived(): Promise<void>;
  /** To be called when a scrape takes the samples. */
  taken(): void;
}

/**
 * A scrape takes the samples of the event loop's delay away, and while there is none, the least is said to be 292 years.
 * This looks as often as prom-client, whose samples nobody else can count.
 */
export const createLoopSamples = (): LoopSamples => {
  const delay = monitorEventLoopDelay({ resolution: loopSampleMs });
  delay.enable();
  return {
    async arrived(): Promise<void> {
      // Two here are at least one there, whichever of both is looked at first.
      for (let looks = 0; delay.count < 2 && looks < 100; looks++) await sleep(loopSampleMs);
    },
    taken: () => delay.reset(),
  };
};
