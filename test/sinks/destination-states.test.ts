import { expect, it } from 'vitest';
import { createDestinationStates } from '../../src/sinks/destination-states.ts';
import type { DestinationHealth } from '../../src/sinks/health.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const unknown: DestinationHealth = {
  last_success_at: null,
  last_failure_at: null,
  last_error: null,
  refusing_since: null,
};
const well: DestinationHealth = { ...unknown, last_success_at: '2026-03-01T11:00:00.000Z' };
const failing: DestinationHealth = {
  ...well,
  last_failure_at: '2026-03-01T11:30:00.000Z',
  last_error: 'HTTP 403',
  refusing_since: '2026-03-01T11:20:00.000Z',
};

const stateOf = async (
  health: DestinationHealth,
  more: { readonly pausedUntilMs?: number; readonly waitingSince?: string } = {},
) => {
  const { pausedUntilMs = null, waitingSince } = more;
  const waiting = waitingSince === undefined ? [] : [['t', { pending: 2, oldestCreatedAt: waitingSince }] as const];
  const states = createDestinationStates({
    destinations: () => [{ name: 'oncall', type: 'pagerduty', target: 't', reachesPeople: true }],
    health: async () => health,
    pausedUntilMs: () => pausedUntilMs,
    store: { backlog: async () => ({ pending: 2, oldestCreatedAt: null, byTarget: new Map(waiting) }) },
    now: () => nowMs,
  });
  return (await states())[0];
};

it.each([
  ['unused', unknown, {}],
  ['ok', well, {}],
  ['ok', unknown, { waitingSince: '2026-03-01T11:59:59.000Z' }],
  ['failing', failing, {}],
  ['paused', failing, { pausedUntilMs: nowMs + 1000 }],
  ['ok', well, { pausedUntilMs: nowMs - 1000 }],
])('is %s: %j %j', async (state, health, more) => {
  expect(await stateOf(health, more)).toMatchObject({ name: 'oncall', state });
});

it('tells what waits and since when, and never since a time that lies ahead', async () => {
  expect(await stateOf(well, { waitingSince: '2026-03-01T11:50:00.000Z' })).toMatchObject({
    waiting: 2,
    oldest_waiting_at: '2026-03-01T11:50:00.000Z',
  });
  expect(await stateOf(well, { waitingSince: '2026-03-01T12:50:00.000Z' })).toMatchObject({
    oldest_waiting_at: '2026-03-01T12:00:00.000Z',
  });
  expect(await stateOf(well)).toMatchObject({ waiting: 0, oldest_waiting_at: null });
});
