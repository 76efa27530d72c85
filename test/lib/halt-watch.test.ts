import { expect, it } from 'vitest';
import { createHaltWatch } from '../../src/lib/halt-watch.ts';

it('tells once since when the process was halted, and nothing of a clock that steps back', () => {
  let nowMs = 1_000_000;
  const haltedSince = createHaltWatch(() => nowMs, 60_000);
  const after = (ms: number) => {
    nowMs += ms;
    return haltedSince();
  };
  expect([30_000, 60_000, 60_001, 30_000, -500_000, 30_000].map(after)).toEqual([
    undefined,
    undefined,
    1_090_000,
    undefined,
    undefined,
    undefined,
  ]);
});
