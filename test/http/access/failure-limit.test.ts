import { expect, it } from 'vitest';
import { createFailureLimit } from '../../../src/http/access/failure-limit.ts';
import { createClock } from '../../support/clock.ts';

const create = () => {
  const clock = createClock();
  const options = { allowed: 3, firstWaitMs: 1000, maxWaitMs: 5000, forgetAfterMs: 60_000, now: clock.now };
  return { clock, limit: createFailureLimit(options) };
};

it('an address that never failed waits for nothing', () => {
  expect(create().limit.waitMs('a')).toBe(0);
});

it('the first failures are free, then each one doubles the wait, up to its limit', () => {
  const { clock, limit } = create();
  const waits = [0, 0, 1000, 2000, 4000, 5000, 5000];
  for (const waitMs of waits) {
    expect(limit.failed('a')).toBe(waitMs);
    expect(limit.waitMs('a')).toBe(waitMs);
    clock.advance(waitMs);
    expect(limit.waitMs('a')).toBe(0);
  }
});

it('a wait runs out with the clock', () => {
  const { clock, limit } = create();
  for (let n = 0; n < 3; n += 1) limit.failed('a');
  clock.advance(999);
  expect(limit.waitMs('a')).toBe(1);
  clock.advance(1);
  expect(limit.waitMs('a')).toBe(0);
});

it('a wait that began while the clock was a year ahead is over when the clock is right again', () => {
  const { clock, limit } = create();
  clock.advance(365 * 24 * 3_600_000);
  for (let n = 0; n < 3; n += 1) limit.failed('a');
  clock.advance(-365 * 24 * 3_600_000);
  expect(limit.waitMs('a')).toBe(0);
  expect(limit.failed('a')).toBe(2000);
});

it('failures while an address should wait do not lengthen its wait', () => {
  const { clock, limit } = create();
  for (let n = 0; n < 3; n += 1) limit.failed('a');
  clock.advance(400);
  for (let n = 0; n < 50; n += 1) expect(limit.failed('a')).toBe(600);
  clock.advance(600);
  expect(limit.failed('a')).toBe(2000);
});

it('an address does not wait for the failures of another', () => {
  const { limit } = create();
  for (let n = 0; n < 9; n += 1) limit.failed('a');
  expect(limit.waitMs('b')).toBe(0);
  expect(limit.failed('b')).toBe(0);
});

it('an address that was quiet for long begins anew', () => {
  const { clock, limit } = create();
  for (let n = 0; n < 3; n += 1) limit.failed('a');
  clock.advance(60_001);
  expect(limit.failed('a')).toBe(0);
});

it('an address that has succeeded is looked at, whoever fails behind it, until a day later', () => {
  const { clock, limit } = create();
  limit.succeeded('a');
  for (let n = 0; n < 9; n += 1) limit.failed('a');
  expect(limit.failed('a')).toBe(1000);
  expect(limit.waitMs('a')).toBe(0);
  clock.advance(24 * 3_600_000 + 1);
  for (let n = 0; n < 3; n += 1) limit.failed('a');
  expect(limit.waitMs('a')).toBe(1000);
});

it('memory is bounded: of very many addresses the ones that were quiet for longest are forgotten', () => {
  const { limit } = create();
  limit.succeeded('known');
  for (const address of ['known', 'quiet', 'busy']) for (let n = 0; n < 3; n += 1) limit.failed(address);
  for (let n = 0; n < 50_000; n += 1) {
    limit.failed(`10.${n}`);
    if (n % 1000 === 0) limit.waitMs('busy');
  }
  expect(limit.waitMs('busy')).toBe(1000);
  expect(limit.failed('quiet')).toBe(0);
  expect(limit.waitMs('known')).toBe(0);

  for (let n = 0; n < 50_000; n += 1) limit.succeeded(`11.${n}`);
  for (let n = 0; n < 3; n += 1) limit.failed('known');
  expect(limit.waitMs('known')).toBe(1000);
});
