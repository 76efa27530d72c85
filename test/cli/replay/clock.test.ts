import { expect, it, vi } from 'vitest';
import { createTimeline } from '../../../src/cli/replay/clock.ts';
import { anAlert } from '../../support/builders.ts';

const noonMs = Date.parse('2026-03-01T12:00:00Z');

it('moves on to what is due in between, and then to the end', async () => {
  const wakes = ['2026-03-01T12:10:00.000Z', '2026-03-01T12:20:00.000Z', '2026-03-01T14:00:00.000Z'];
  const store = {
    listAlerts: async () => ({
      alerts: wakes.map((at) => ({ ...anAlert({ wake_at: at }), deliveries: [] })),
      next: null,
    }),
  };
  const timeline = createTimeline(store);
  timeline.set(noonMs);
  const seen: number[] = [];
  await timeline.advanceTo(noonMs + 3_600_000, async () => {
    seen.push(timeline.now() - noonMs);
    wakes.shift();
  });
  expect(seen).toEqual([600_000, 1_200_000]);
  expect(timeline.now()).toBe(noonMs + 3_600_000);
});

it('what stays due in spite of every tick does not hold it up', async () => {
  const late = { ...anAlert({ wake_at: '2026-03-01T11:00:00.000Z' }), deliveries: [] };
  const store = { listAlerts: async () => ({ alerts: [late], next: null }) };
  const timeline = createTimeline(store);
  timeline.set(noonMs);
  const tick = vi.fn(async () => undefined);
  await timeline.advanceTo(noonMs + 60_000, tick);
  expect(tick).toHaveBeenCalledTimes(10);
  expect(timeline.now()).toBe(noonMs + 60_000);
});
