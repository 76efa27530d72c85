import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Gate, openGate } from '../../src/sinks/gate.ts';
import { createLane, TurnedAway } from '../../src/sinks/lane.ts';
import type { Place } from '../../src/sinks/waiting-line.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');
beforeEach(() => {
  vi.useFakeTimers({ now: startMs });
});
afterEach(() => {
  vi.useRealTimers();
});

const place = (more: Partial<Place> = {}): Place => ({
  action: 'trigger',
  severity: 'critical',
  createdMs: startMs,
  setbacks: 0,
  ...more,
});

const setUp = (gate: Gate = openGate, concurrency = 1) => {
  const failures: unknown[] = [];
  const lane = createLane({ gate, concurrency, now: Date.now, onGateFailed: (error) => failures.push(error) });
  const ran: string[] = [];
  const run = (name: string, more: Partial<Place> = {}) => lane.run(place(more), async () => void ran.push(name));
  return { lane, ran, run, failures };
};

it('what is given back is what the work gave, or what it threw', async () => {
  const { lane } = setUp();
  expect(await lane.run(place(), async () => 7)).toBe(7);
  await expect(lane.run(place(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await lane.run(place(), async () => 8)).toBe(8);
});

it('a gate that cannot be asked is asked again, and costs nothing', async () => {
  const down = new Error('a bug');
  const take = vi.fn(openGate.take).mockRejectedValueOnce(down);
  const { run, ran, failures } = setUp({ ...openGate, take });
  const done = run('a');
  await vi.advanceTimersByTimeAsync(999);
  expect({ ran, failures }).toEqual({ ran: [], failures: [down] });
  await vi.advanceTimersByTimeAsync(2);
  await done;
  expect(ran).toEqual(['a']);
});

it('what comes while the gate is closed asks it too, for it may go before', async () => {
  const take: Gate['take'] = async (waiting) =>
    waiting.includes('critical') ? { group: 'critical' } : { waitMs: 60_000 };
  const { run, ran } = setUp({ ...openGate, take });
  void run('warning', { severity: 'warning' });
  await vi.advanceTimersByTimeAsync(10);
  await run('critical');
  expect(ran).toEqual(['critical']);
});

it('a request that was taken for what was turned away meanwhile is given back', async () => {
  const gated = Promise.withResolvers<void>();
  const unused = vi.fn(async () => undefined);
  const take: Gate['take'] = async ([group = 'update']) => {
    await gated.promise;
    return { group };
  };
  const { lane, run, ran } = setUp({ ...openGate, take, unused });
  const turnedAway = run('update', { action: 'update' }).catch((error: unknown) => error);
  expect(lane.makeRoom(place())).toBe(true);
  gated.resolve();
  expect(await turnedAway).toBeInstanceOf(TurnedAway);
  await lane.idle();
  expect({ ran, unused: unused.mock.calls.length }).toEqual({ ran: [], unused: 1 });
});

it('there is no room for what is less urgent than all that waits', () => {
  const { lane, run } = setUp({ ...openGate, take: async () => ({ waitMs: 1000 }) });
  run('critical').catch(() => undefined);
  expect(lane.makeRoom(place({ severity: 'warning' }))).toBe(false);
  lane.close();
});

it('closing turns away what waits, leaves what runs to end, and takes in nothing more', async () => {
  const { lane, run } = setUp();
  const work = Promise.withResolvers<void>();
  const running = lane.run(place(), () => work.promise);
  const waiting = run('waiting').catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(0);
  lane.close();
  expect(await waiting).toBeInstanceOf(TurnedAway);
  await expect(run('late')).rejects.toBeInstanceOf(TurnedAway);
  work.resolve();
  await running;
  await lane.idle();
  expect(lane.isBusy()).toBe(false);
  expect(vi.getTimerCount()).toBe(0);
});

it('closing while the gate is asked gives back what it grants, and asks no more', async () => {
  const gated = Promise.withResolvers<void>();
  const take = vi.fn(async () => {
    await gated.promise;
    return { group: 'critical' } as const;
  });
  const unused = vi.fn(async () => undefined);
  const { lane, run, ran } = setUp({ ...openGate, take, unused });
  const turnedAway = run('a').catch((error: unknown) => error);
  lane.close();
  gated.resolve();
  expect(await turnedAway).toBeInstanceOf(TurnedAway);
  await lane.idle();
  expect({ ran, taken: take.mock.calls.length, unused: unused.mock.calls.length }).toEqual({
    ran: [],
    taken: 1,
    unused: 1,
  });
});

it('a gate that fails when the lane is closed already is not asked again', async () => {
  const gated = Promise.withResolvers<never>();
  const { lane, run, failures } = setUp({ ...openGate, take: () => gated.promise });
  const turnedAway = run('a').catch((error: unknown) => error);
  lane.close();
  gated.reject(new Error('a bug'));
  expect(await turnedAway).toBeInstanceOf(TurnedAway);
  await lane.idle();
  expect(failures).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

it('room is made by the least urgent, whichever came first', async () => {
  const { lane, run } = setUp({ ...openGate, take: async () => ({ waitMs: 1000 }) });
  const outcome: string[] = [];
  const note = (name: string) => () => void outcome.push(name);
  run('update', { action: 'update' }).catch(note('update'));
  run('critical').catch(note('critical'));
  expect(lane.makeRoom(place({ severity: 'warning' }))).toBe(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(outcome).toEqual(['update']);
  lane.close();
});
