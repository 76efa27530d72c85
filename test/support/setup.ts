// Before and after each file of tests. The files of a worker share one process, so that its modules are loaded once.
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { network } from './network.ts';

/** @hono/node-server puts its own in their place, of which msw's `HttpResponse.error()` would be none. */
const ofNode = { Request, Response };

beforeAll(() => network.listen({ onUnhandledFrame: 'error' }));
afterEach(() => network.resetHandlers());
afterAll(() => {
  network.close();
  vi.useRealTimers();
  for (const [name, value] of Object.entries(ofNode)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
});
