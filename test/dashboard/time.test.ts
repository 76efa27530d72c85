import { expect, it } from 'vitest';
import { ago, clock, duration, exact } from '../../src/dashboard/time.js';

it.each([
  [0, '0 s'],
  [-5, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_600_000, '1 h'],
  [3_900_000, '1 h 5 min'],
  [2 * 86_400_000 + 4 * 3_600_000, '2 d 4 h'],
])('%i ms are %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});

const at = '2026-03-01T12:34:56.000Z';
const nowMs = Date.parse('2026-03-01T14:00:00.000Z');

it.each([
  [at, '1 h 25 min ago'],
  ['2026-03-01T13:59:55.000Z', 'just now'],
  ['2026-03-01T14:10:00.000Z', 'in 10 min'],
])('%s is %s', (iso, words) => {
  expect(ago(iso, nowMs)).toBe(words);
});

it('every moment says its zone, and its day and its year where they are not those of now', () => {
  expect(clock(at, nowMs, 'UTC')).toBe('12:34 UTC');
  expect(clock(at, nowMs, 'Europe/Berlin')).toBe('13:34 CET');
  expect(clock('2026-02-27T23:30:00.000Z', nowMs, 'Europe/Berlin')).toBe('28 Feb 00:30 CET');
  expect(clock('2025-12-31T22:30:00.000Z', nowMs, 'Europe/Berlin')).toBe('2025-12-31 23:30 CET');
  expect(clock('2025-12-31T23:30:00.000Z', nowMs, 'Europe/Berlin')).toBe('1 Jan 00:30 CET');
  expect(exact(at, 'UTC')).toBe('2026-03-01 12:34:56 UTC');
});

it("without a zone it is the reader's own", () => {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  expect(clock(at, nowMs)).toBe(clock(at, nowMs, own));
  expect(exact(at)).toBe(exact(at, own));
});
