import { expect, it } from 'vitest';
import { createDestinations } from '../../src/sinks/destinations.ts';
import { createLeftToOthers } from '../../src/sinks/left-to-others.ts';
import { createClock } from '../support/clock.ts';
import { aPager } from '../support/pager.ts';
import { aDelivery } from '../support/telling.ts';

const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
const own = aPager({ name: 'oncall' });
const ours = aDelivery({ destination: 'oncall', target: own.target });
const created = (minutesAgo: number) =>
  aDelivery({
    destination: 'other',
    target: 'key of another',
    created_at: new Date(nowMs - minutesAgo * 60_000).toISOString(),
  });

const setUp = (isShared: boolean) =>
  createLeftToOthers(createDestinations([own]), isShared, createClock('2026-03-01T12:00:00.000Z').now);

it.each([
  ['what another replica has a destination for, for almost 15 minutes', true, created(14.9), true],
  ['what nobody has sent for 15 minutes', true, created(15), false],
  ['what this replica has a destination for', true, { ...ours, created_at: created(0).created_at }, false],
  ['what nobody else could send', false, created(0), false],
] as const)('of %s it says whether it is left', (_what, isShared, delivery, isLeft) => {
  const left = setUp(isShared);
  expect(left.has(delivery)).toBe(isLeft);
  expect(left.targets()).toEqual(isLeft ? [delivery.target] : []);
});

it('a target is no longer one of others once its deliveries are taken here', () => {
  const left = setUp(true);
  expect(left.has(created(1))).toBe(true);
  expect(left.has(created(20))).toBe(false);
  expect(left.targets()).toEqual([]);
});
