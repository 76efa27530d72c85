import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createHints } from '../../../src/ingest/polling/hints.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const setUp = () => {
  const readFor: string[] = [];
  const pullAnew = async (requestId: string) => void readFor.push(requestId);
  return { hints: createHints({ pullAnew }), readFor };
};

it('reads at once, and once more for the last of those that come within 15 seconds', () => {
  const { hints, readFor } = setUp();
  expect(['a', 'b', 'c'].map(hints.take)).toEqual([true, false, false]);
  expect(readFor).toEqual(['a']);
  vi.advanceTimersByTime(14_999);
  expect(readFor).toEqual(['a']);
  vi.advanceTimersByTime(1);
  expect(readFor).toEqual(['a', 'c']);
  vi.advanceTimersByTime(60_000);
  expect(readFor).toEqual(['a', 'c']);
  expect(hints.take('d')).toBe(true);
});

it('reads once in 15 seconds, however many come', () => {
  const { hints, readFor } = setUp();
  for (let second = 0; second < 60; second++) {
    for (let n = 0; n < 1000; n++) hints.take(`${second}`);
    vi.advanceTimersByTime(1000);
  }
  expect(readFor).toEqual(['0', '14', '29', '44', '59']);
});

it('a clock that steps changes nothing, and a stop ends what waits', () => {
  const { hints, readFor } = setUp();
  hints.take('a');
  vi.setSystemTime(0);
  hints.take('b');
  hints.stop();
  vi.advanceTimersByTime(60_000);
  expect(readFor).toEqual(['a']);
});
