import { expect, it } from 'vitest';
import type { SendResult } from '../../src/sinks/destination.ts';
import { createHealth } from '../../src/sinks/health.ts';
import { createClock } from '../support/clock.ts';
import { createDeliveryStore } from '../support/delivery-store.ts';

const accepted: SendResult = { outcome: 'delivered', statusCode: 202 };
const refused: SendResult = { outcome: 'permanent', statusCode: 403, error: 'HTTP 403', retryAfterMs: null };

const setUp = () => {
  const store = createDeliveryStore();
  const clock = createClock('2026-03-01T12:00:00.000Z');
  return { store, clock, health: createHealth(store, clock.now) };
};

it('nothing is known of a destination that was never asked', async () => {
  const { health } = setUp();
  expect(await health.of('a')).toEqual({
    last_success_at: null,
    last_failure_at: null,
    last_error: null,
    refusing_since: null,
  });
});

it('tells since when a destination refused everything when it accepts again, until all of that was tried again', async () => {
  const { health, clock } = setUp();
  expect(await health.ended('a', refused)).toBeNull();
  clock.advance(60_000);
  expect(await health.ended('a', refused)).toBeNull();
  expect(await health.of('a')).toEqual({
    last_success_at: null,
    last_failure_at: '2026-03-01T12:01:00.000Z',
    last_error: 'HTTP 403',
    refusing_since: '2026-03-01T12:00:00.000Z',
  });
  clock.advance(60_000);
  expect(await health.ended('a', accepted)).toBe('2026-03-01T12:00:00.000Z');
  expect(await health.ended('a', accepted)).toBe('2026-03-01T12:00:00.000Z');
  await health.revived('a');
  expect(await health.ended('a', accepted)).toBeNull();
  expect(await health.of('a')).toMatchObject({ last_success_at: '2026-03-01T12:02:00.000Z', last_error: 'HTTP 403' });
});

it('a restart goes on where the last process was, and so does another replica', async () => {
  const { health, store, clock } = setUp();
  await health.ended('a', refused);
  clock.advance(120_000);
  const other = createHealth(store, clock.now);
  expect(await other.of('a')).toMatchObject({ refusing_since: '2026-03-01T12:00:00.000Z' });
  expect(await other.ended('a', accepted)).toBe('2026-03-01T12:00:00.000Z');
});

it('a process that dies before it has tried everything again leaves the rest to the next one', async () => {
  const { health, store, clock } = setUp();
  await health.ended('a', refused);
  clock.advance(120_000);
  await health.ended('a', accepted);
  const next = createHealth(store, clock.now);
  expect(await next.of('a')).toMatchObject({ refusing_since: null });
  expect(await next.ended('a', accepted)).toBe('2026-03-01T12:00:00.000Z');
  await next.revived('a');
  expect(await createHealth(store, clock.now).ended('a', accepted)).toBeNull();
});

it.each([
  ['a success', accepted, 'last_success_at'],
  ['a failure', refused, 'last_failure_at'],
] as const)(
  '%s is shown where it happened before it is written down, and elsewhere once it is',
  async (_, result, field) => {
    const { health, store, clock } = setUp();
    const other = createHealth(store, clock.now);
    await health.ended('a', refused);
    await health.ended('a', accepted);
    clock.advance(1000);
    await health.ended('a', accepted);
    await health.ended('a', result);
    expect(await health.of('a')).toMatchObject({ [field]: '2026-03-01T12:00:01.000Z' });
    clock.advance(10_000);
    await other.ended('a', result);
    expect(await health.of('a')).toMatchObject({ [field]: '2026-03-01T12:00:11.000Z' });
  },
);

it('the replica by which it accepts again tells it, though it was refused by another one alone, and tells it once', async () => {
  const { health, store, clock } = setUp();
  const other = createHealth(store, clock.now);
  await other.ended('a', accepted);
  clock.advance(60_000);
  await health.ended('a', refused);
  clock.advance(60_000);
  expect(await other.ended('a', accepted)).toBe('2026-03-01T12:01:00.000Z');
  await other.revived('a');
  clock.advance(1000);
  expect(await health.ended('a', accepted)).toBeNull();
});

it('each destination has its own', async () => {
  const { health } = setUp();
  await health.ended('a', refused);
  expect(await health.ended('b', accepted)).toBeNull();
});

it('a destination that goes on as it did is written down now and then, not each time', async () => {
  const { health, store, clock } = setUp();
  let writes = 0;
  const { changeState } = store;
  store.changeState = (key, change) => {
    writes += 1;
    return changeState(key, change);
  };
  for (let at = 0; at < 100; at++) {
    await health.ended('a', accepted);
    clock.advance(1000);
  }
  expect(writes).toBe(10);
});

it('a store that is away costs nothing but what is remembered', async () => {
  const { health, store } = setUp();
  store.readable = false;
  expect(await health.ended('a', refused)).toBeNull();
  expect(await health.of('a')).toMatchObject({ last_error: 'HTTP 403' });
});

it('two attempts that end at once are both known, though the store was asked for each', async () => {
  const { health } = setUp();
  const since = await Promise.all([health.ended('a', refused), health.ended('a', accepted)]);
  expect(since).toEqual([null, '2026-03-01T12:00:00.000Z']);
  expect(await health.of('a')).toMatchObject({ refusing_since: null, last_error: 'HTTP 403' });
});

it('a fault in reading or writing is not taken for a store that is away', async () => {
  const { store, clock } = setUp();
  const broken = () => Promise.reject(new TypeError('a bug'));
  await expect(createHealth({ ...store, loadState: broken }, clock.now).of('a')).rejects.toThrow('a bug');
  await expect(createHealth({ ...store, changeState: broken }, clock.now).ended('a', refused)).rejects.toThrow('a bug');
});
