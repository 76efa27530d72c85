import { expect, it } from 'vitest';
import { freshnessOf } from '../../src/dashboard/freshness.js';

it.each([
  ['stream', 3000, 'live', 'Live'],
  ['connecting', 1000, 'waiting', 'Connecting…'],
  ['reconnecting', 5000, 'waiting', 'Reconnecting, as of 5 s ago'],
  ['reconnecting', 9000, 'lost', 'No contact for 9 s'],
  ['polling', 12_000, 'polling', 'Every 15 s, as of 12 s ago'],
  ['polling', 180_000, 'lost', 'No contact for 3 min'],
  ['stream', 60_000, 'lost', 'No contact for 1 min'],
] as const)('%s, %i ms after the last word, is %s', (state, ageMs, level, words) => {
  expect(freshnessOf(state, ageMs)).toEqual({ level, words });
});
