// A destination that takes everything; a test names only what it is about.
import type { Destination } from '../../src/sinks/destination.ts';

export const aPager = (more: Partial<Destination> = {}): Destination => ({
  type: 'test',
  name: 'pager',
  target: 'test:pager',
  reachesPeople: true,
  showsWords: false,
  hasKeys: true,
  showsRaw: false,
  updateEveryMs: null,
  perMinute: null,
  fallback: null,
  preview: () => ({ method: 'POST', url: null, headers: {}, body: null }),
  send: async () => ({ outcome: 'delivered', statusCode: 202 }),
  ...more,
});
