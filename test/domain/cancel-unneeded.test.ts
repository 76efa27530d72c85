import { expect, it } from 'vitest';
import { cancelUnneeded, sinceLastEnd } from '../../src/domain/cancel-unneeded.ts';
import type { Delivery } from '../../src/domain/delivery.ts';
import { aDelivery } from '../support/builders.ts';

const inFlight = { attempt_started_at: '2026-03-01T11:59:58.000Z', leased_until: '2026-03-01T12:00:20.000Z' };
const statuses = (deliveries: readonly Delivery[]) => deliveries.map(({ action, status }) => `${action} ${status}`);

it.each<[string, Partial<Delivery>, Partial<Delivery>, readonly string[]]>([
  ['a trigger that nobody has seen is called off with its end', {}, {}, ['trigger superseded', 'resolve superseded']],
  [
    'a trigger that was refused before is called off with its end',
    { attempts: 3, last_error: 'answered 500' },
    {},
    ['trigger superseded', 'resolve superseded'],
  ],
  [
    'a trigger that may have arrived is not sent again, but closed',
    { may_have_arrived: true },
    {},
    ['trigger superseded', 'resolve pending'],
  ],
  ['a trigger in flight is awaited', inFlight, {}, ['trigger pending', 'resolve pending']],
  ['a trigger that was accepted is closed', { status: 'delivered' }, {}, ['trigger delivered', 'resolve pending']],
  ['a trigger that failed has no end', { status: 'failed' }, {}, ['trigger failed', 'resolve superseded']],
  [
    'a trigger that failed and may have arrived is closed',
    { status: 'failed', may_have_arrived: true },
    {},
    ['trigger failed', 'resolve pending'],
  ],
  [
    'an end that was sent stays sent',
    { status: 'failed' },
    { status: 'delivered' },
    ['trigger failed', 'resolve delivered'],
  ],
  [
    'an end calls off nothing that was created after it',
    { cycle: 2, ordinal: 2 },
    {},
    ['trigger pending', 'resolve superseded'],
  ],
  [
    'the end at another destination, which knows of nothing, calls nothing off here',
    {},
    { destination: 'other' },
    ['trigger pending', 'resolve superseded'],
  ],
])('%s', (_rule, trigger, resolve, left) => {
  expect(
    statuses(cancelUnneeded([aDelivery(trigger), aDelivery({ action: 'resolve', ordinal: 1, ...resolve })])),
  ).toEqual(left);
});

it('an end that was called off because the alert opened again leaves its trigger to be ended later', () => {
  const trigger = aDelivery({ status: 'delivered' });
  const calledOff = aDelivery({ action: 'resolve', ordinal: 1, status: 'superseded', next_attempt_at: null });
  const resolve = aDelivery({ action: 'resolve', ordinal: 2, cycle: 2 });
  const deliveries = [trigger, calledOff, resolve];
  expect(sinceLastEnd(deliveries, trigger.target, 2)).toEqual([trigger]);
  expect(cancelUnneeded(deliveries)).toBe(deliveries);
});

it('what was ended before is not ended again', () => {
  const deliveries = [
    aDelivery({ status: 'delivered' }),
    aDelivery({ action: 'resolve', ordinal: 1, status: 'delivered' }),
    aDelivery({ cycle: 2, ordinal: 2 }),
    aDelivery({ action: 'resolve', ordinal: 3, cycle: 2 }),
  ];
  expect(statuses(cancelUnneeded(deliveries))).toEqual([
    'trigger delivered',
    'resolve delivered',
    'trigger superseded',
    'resolve superseded',
  ]);
});

it('ends under several keys are called off together, or not at all', () => {
  const ends = [1, 2].map((ordinal) => aDelivery({ action: 'resolve', ordinal, key: `key ${ordinal}` }));
  expect(statuses(cancelUnneeded([aDelivery(), ...ends]))).toEqual([
    'trigger superseded',
    'resolve superseded',
    'resolve superseded',
  ]);
  const told = [aDelivery({ status: 'delivered' }), ...ends];
  expect(cancelUnneeded(told)).toBe(told);
});

it('what is called off waits for nothing', () => {
  const settled = cancelUnneeded([aDelivery(), aDelivery({ action: 'resolve', ordinal: 1 })]);
  expect(settled.map((delivery) => delivery.next_attempt_at)).toEqual([null, null]);
});

it('deliveries with nothing to call off are given back as they are', () => {
  const deliveries = [aDelivery()];
  expect(cancelUnneeded(deliveries)).toBe(deliveries);
});
