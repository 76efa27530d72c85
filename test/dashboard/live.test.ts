import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onLive, startLive } from '../../src/dashboard/live.js';
import { createResource } from '../../src/dashboard/resource.js';

/** A stream that says that it is there, and never that something changed. */
class QuietStream extends EventTarget {
  private readonly timer = setInterval(() => this.dispatchEvent(new MessageEvent('alive', { data: '{}' })), 5000);
  close(): void {
    clearInterval(this.timer);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  const none = () => undefined;
  vi.stubGlobal('EventSource', QuietStream);
  vi.stubGlobal(
    'BroadcastChannel',
    class extends EventTarget {
      postMessage = none;
    },
  );
  vi.stubGlobal('location', { href: 'https://service.test/' });
  vi.stubGlobal('document', { hidden: false, addEventListener: none });
  vi.stubGlobal('addEventListener', none);
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: none, removeItem: none });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('what could not be read is read again soon though nothing changes, and not again and again once it was read', async () => {
  let reads = 0;
  const resource = createResource(async () => {
    reads += 1;
    if (reads < 3) throw new Error('the store does not answer');
    return 'read';
  });
  const stop = onLive((messages) => {
    if (messages.some(({ name }) => name === 'poll')) void resource.refresh();
  });
  startLive();
  await vi.advanceTimersByTimeAsync(16_000);
  expect(reads).toBe(0);
  await resource.refresh();
  expect(resource.error.value?.message).toContain('the store does not answer');
  await vi.advanceTimersByTimeAsync(31_000);
  expect([resource.data.value, resource.error.value, reads]).toEqual(['read', null, 3]);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(reads).toBe(3);
  stop();
});
