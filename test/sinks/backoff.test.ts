import { expect, it } from 'vitest';
import { backoffMs } from '../../src/sinks/backoff.ts';

const limits = { retryMinMs: 1000, retryMaxMs: 300_000 };

it.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [9, 256_000],
  [10, 300_000],
  [11, 300_000],
  [5000, 300_000],
])('after %i attempts the wait is at most %i ms, and at least half of it', (attempts, full) => {
  expect(backoffMs(attempts, limits, 1)).toBe(full);
  expect(backoffMs(attempts, limits, 0.5)).toBe(full * 0.75);
  expect(backoffMs(attempts, limits, 0)).toBe(full / 2);
});

it('never waits longer than the largest delay, even when it is the smallest too', () => {
  expect(backoffMs(1, { retryMinMs: 7, retryMaxMs: 7 }, 1)).toBe(7);
  expect(backoffMs(100, { retryMinMs: 7, retryMaxMs: 7 }, 1)).toBe(7);
});
