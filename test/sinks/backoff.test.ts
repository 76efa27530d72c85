import { expect, it } from 'vitest';
import { backoffMs, retryAfterMs } from '../../src/sinks/backoff.ts';

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

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');

it.each([
  [null, null],
  ['', null],
  ['soon', null],
  ['-1', null],
  ['1.5', null],
  ['0', 0],
  ['120', 120_000],
  [' 120 ', 120_000],
  ['99999999', 99_999_999_000],
  ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
  ['Sun, 01 Mar 2026 12:00:00 GMT', 0],
  ['Sun, 01 Mar 2020 12:00:00 GMT', 0],
])('Retry-After %j is %j ms', (header, expected) => {
  expect(retryAfterMs(header, nowMs)).toBe(expected);
});
