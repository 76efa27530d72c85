import { expect, it } from 'vitest';
import { createBackfills } from '../../../src/ingest/backfill/when.ts';
import { collectLog } from '../../support/log.ts';

const minuteMs = 60_000;

it('starts at once, and anew only after the process was halted, from when it was', async () => {
  let nowMs = Date.parse('2026-03-01T12:00:00.000Z');
  const started: (number | undefined)[] = [];
  const { log, of } = collectLog();
  const backfill = {
    start: (since?: number) => started.push(since),
    done: async () => undefined,
    stop: async () => undefined,
  };
  const backfills = createBackfills([backfill], log, () => nowMs);
  const lookAfter = (ms: number) => {
    nowMs += ms;
    return backfills.look();
  };
  // The store was away for ten minutes: that is no halt.
  nowMs += 10 * minuteMs;
  backfills.start();
  await lookAfter(0.5 * minuteMs);
  await lookAfter(5 * minuteMs);
  expect(started).toEqual([undefined]);
  const haltedMs = nowMs;
  await lookAfter(120 * minuteMs);
  await lookAfter(0.5 * minuteMs);
  expect(started).toEqual([undefined, haltedMs]);
  expect(of('process.was_halted')).toMatchObject([{ since: '2026-03-01T12:15:30.000Z' }]);
});

it('a stop waits for each of them', async () => {
  const stopped: string[] = [];
  const named = (name: string) => ({
    start: () => undefined,
    done: async () => undefined,
    stop: async () => {
      await Promise.resolve();
      stopped.push(name);
    },
  });
  await createBackfills([named('a'), named('b')], collectLog().log, Date.now).stop();
  expect(stopped).toEqual(['a', 'b']);
});
