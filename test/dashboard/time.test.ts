import { expect, it } from 'vitest';
import { ago, clock, duration } from '../../src/dashboard/time.js';

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

it.each([
  [-5, '0 s'],
  [0, '0 s'],
  [59 * second, '59 s'],
  [minute, '1 min'],
  [59 * minute + 59 * second, '59 min'],
  [hour, '1 h'],
  [3 * hour + 5 * minute, '3 h 5 min'],
  [day, '1 d'],
  [2 * day + 4 * hour + 30 * minute, '2 d 4 h'],
  [400 * day, '400 d'],
])('%i ms last %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

const now = new Date(2026, 2, 1, 12, 0, 0).getTime();
it.each([
  [0, 'just now'],
  [9 * second, 'just now'],
  [10 * second, '10 s ago'],
  [2 * hour, '2 h ago'],
  [-30 * second, 'just now'],
  [-2 * hour, 'in 2 h'],
])('%i ms before now is %s', (ms, words) => {
  expect(ago(new Date(now - ms).toISOString(), now)).toBe(words);
});

it("a moment is told on the reader's own clock, with the day when it is another", () => {
  expect(clock(new Date(2026, 2, 1, 9, 5).toISOString(), now)).toBe('09:05');
  expect(clock(new Date(2026, 1, 28, 23, 59).toISOString(), now)).toBe('2026-02-28 23:59');
});
