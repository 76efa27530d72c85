import { afterAll, beforeAll } from 'vitest';
import { network } from './network.ts';

/**
 * For a file that asks real servers on the loopback alone. msw, which stands before every socket of a process, would take
 * a third of such a file's time, and hold back the beginning of a request.
 */
export const useRealNetwork = (): void => {
  beforeAll(() => network.close());
  afterAll(() => network.listen({ onUnhandledFrame: 'error' }));
};
