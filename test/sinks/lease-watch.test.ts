import { expect, it } from 'vitest';
import { createLeaseWatch } from '../../src/sinks/lease-watch.ts';
import { aDelivery } from '../support/telling.ts';

const leaseMs = 18_000;
const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const until = (ms: number) => aDelivery({ leased_until: new Date(nowMs + ms).toISOString() });

const setUp = () => {
  const clock = { ms: 5000 };
  return { clock, mayBeHeld: createLeaseWatch(leaseMs, () => clock.ms) };
};

it.each([
  ['there is none', aDelivery()],
  ['it is over', until(-1)],
  ['it goes on, as long as any may', until(leaseMs)],
])('a lease is believed when %s', (_when, delivery) => {
  expect(setUp().mayBeHeld(delivery, nowMs)).toBe(false);
});

it('a lease that ends an hour ahead may be held until it has stood there for the length of one', () => {
  const { clock, mayBeHeld } = setUp();
  const delivery = until(3_600_000);
  expect(mayBeHeld(delivery, nowMs)).toBe(true);
  clock.ms += leaseMs - 1;
  expect(mayBeHeld(delivery, nowMs)).toBe(true);
  clock.ms += 1;
  expect(mayBeHeld(delivery, nowMs)).toBe(false);
});

it('a new lease of the same delivery is watched from its own beginning', () => {
  const { clock, mayBeHeld } = setUp();
  mayBeHeld(until(3_600_000), nowMs);
  clock.ms += leaseMs;
  expect(mayBeHeld(until(3_610_000), nowMs)).toBe(true);
});
