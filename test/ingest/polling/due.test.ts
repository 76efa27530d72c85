import { expect, it } from 'vitest';
import { afterFailure } from '../../../src/ingest/polling/after-failure.ts';
import { backoffMs, isDue, isLeftAlone } from '../../../src/ingest/polling/due.ts';
import { examine } from '../../../src/ingest/polling/examine.ts';
import { type PageMemory, readPageMemory } from '../../../src/ingest/polling/page-state.ts';

const minute = 60_000;
const nowMs = Date.parse('2026-03-01T12:00:00Z');
const unknown = readPageMemory(undefined);
const goodAt = (ms: number) => examine(unknown, { pageId: 'a', updatedAt: null }, ms, 15 * minute).memory;
const failedAt = (ms: number, retryAfterMs: number | null = null) =>
  afterFailure(goodAt(ms), 'HTTP 429', ms, 15 * minute, retryAfterMs);
const due = (memory: PageMemory) => isDue(memory, nowMs, minute, 15 * minute);

it.each([
  [0, 0],
  [1, 120_000],
  [2, 240_000],
  [3, 300_000],
  [50, 300_000],
])('leaves a page alone after %i failures for %i ms', (failures, expected) => {
  expect(backoffMs(failures, minute, 900_000)).toBe(expected);
});

it('never leaves a page alone for longer than it takes to become blind, nor for less than the interval', () => {
  expect(backoffMs(9, minute, 90_000)).toBe(90_000);
  expect(backoffMs(9, 600_000, 90_000)).toBe(600_000);
});

const longAgo = '2026-03-01T11:45:00.000Z';

it.each<[string, PageMemory, boolean]>([
  ['that was never asked', unknown, true],
  ['that failed a minute ago, and backs off', failedAt(nowMs - minute), false],
  ['that failed two minutes ago', failedAt(nowMs - 2 * minute), true],
  ['that failed two minutes ago but for the jitter of two ticks', failedAt(nowMs - 2 * minute + 12_000), true],
  ['that failed a little later than that', failedAt(nowMs - 2 * minute + 12_001), false],
  ['that was good in an hour, for our clock stepped back', goodAt(nowMs + 60 * minute), true],
  ['that failed in an hour, for our clock stepped back', failedAt(nowMs + 60 * minute), true],
  ['that asked for ten minutes, five minutes ago', failedAt(nowMs - 5 * minute, 10 * minute), false],
  ['that asked for ten minutes, ten minutes ago', failedAt(nowMs - 10 * minute, 10 * minute), true],
  ['that asked for a day, 59 minutes ago', failedAt(nowMs - 59 * minute, 1440 * minute), false],
  ['that asked for a day, an hour ago', failedAt(nowMs - 60 * minute, 1440 * minute), true],
  ['that asked for ten minutes, in an hour', failedAt(nowMs + 60 * minute, 10 * minute), true],
  ['that becomes blind now, however it backs off', { ...failedAt(nowMs), failing_since: longAgo }, true],
  ['that is blind', { ...failedAt(nowMs), failing_since: longAgo, condition: 'blind' }, false],
  ['that asked to be left alone, and becomes blind', { ...failedAt(nowMs, minute), failing_since: longAgo }, false],
])('asks a page %s: %s', (_what, memory, expected) => {
  expect(due(memory)).toBe(expected);
});

it('leaves nobody alone who has not asked for it', () => {
  expect(isLeftAlone(failedAt(nowMs), nowMs)).toBe(false);
});
