// What is known of the database's clock, over answers that a test makes.
import { expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/lib/errors.ts';
import type { Session } from '../../../src/stores/postgres/connections.ts';
import { createSharedClock } from '../../../src/stores/postgres/shared-clock.ts';

const databaseMs = Date.parse('2026-03-01T12:00:00.000Z');

const setUp = () => {
  const time = { monotonicMs: 1000, wallMs: databaseMs + 600_000, databaseMs, answerTakesMs: 0, isAway: false };
  const pass = (ms: number): void => {
    time.monotonicMs += ms;
    time.wallMs += ms;
    time.databaseMs += ms;
  };
  let asked = 0;
  const session: Pick<Session, 'rows'> = {
    async rows(schema) {
      asked += 1;
      if (time.isAway) throw new StoreUnavailable('store_unavailable', 'away');
      pass(time.answerTakesMs / 2);
      const row = schema.parse({ ms: `${time.databaseMs}.125` });
      pass(time.answerTakesMs / 2);
      return [row];
    },
  };
  const sharedClock = createSharedClock(session, { monotonicMs: () => time.monotonicMs, wallMs: () => time.wallMs });
  const read = async () => Math.floor((await sharedClock())?.() ?? Number.NaN);
  return { time, pass, read, sharedClock, asked: () => asked };
};

it("it is the database's clock, however far ours is from it, and the time of the answer is counted", async () => {
  const { time, read } = setUp();
  time.answerTakesMs = 800;
  expect(await read()).toBe(time.databaseMs);
});

it('after an answer that took long it is asked for again at once', async () => {
  const { time, read, asked } = setUp();
  time.answerTakesMs = 6000;
  await read();
  time.answerTakesMs = 10;
  await read();
  await read();
  expect(asked()).toBe(2);
});

it('it goes on by itself, is asked for again after five seconds, and by many at once only once', async () => {
  const { time, pass, read, asked } = setUp();
  await Promise.all([read(), read(), read()]);
  pass(4999);
  expect(await read()).toBe(time.databaseMs);
  expect(asked()).toBe(1);
  pass(1);
  expect(await read()).toBe(time.databaseMs);
  expect(asked()).toBe(2);
});

it('a clock of ours that steps changes nothing, and after a sleep of the machine it is asked for again', async () => {
  const { time, read, asked } = setUp();
  await read();
  time.wallMs -= 3_600_000;
  expect(await read()).toBe(databaseMs);
  // No time has passed by the clock that stands still in a sleep.
  time.wallMs += 3_600_000;
  time.databaseMs += 3_600_000;
  time.wallMs += 3_600_000;
  expect(await read()).toBe(databaseMs + 3_600_000);
  expect(asked()).toBe(3);
});

it('without the database it is not known, and is asked for when it is back', async () => {
  const { time, read, sharedClock } = setUp();
  time.isAway = true;
  await expect(sharedClock()).rejects.toBeInstanceOf(StoreUnavailable);
  time.isAway = false;
  expect(await read()).toBe(databaseMs);
});
