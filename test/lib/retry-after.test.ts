import { expect, it } from 'vitest';
import { readRetryAfter } from '../../src/lib/retry-after.ts';

const nowMs = Date.parse('2026-11-27T12:00:00Z');

it.each([
  ['0', 0],
  [' 120 ', 120_000],
  ['Fri, 27 Nov 2026 12:05:00 GMT', 300_000],
  ['Fri, 27 Nov 2026 11:00:00 GMT', 0],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['2026-11-27T12:05:00Z', null],
  ['9'.repeat(400), null],
  ['', null],
  [undefined, null],
])('reads %j as %s ms', (header, expected) => {
  expect(readRetryAfter(header, nowMs)).toBe(expected);
});
