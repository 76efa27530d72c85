import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { ofEarlierTime } from '../../src/domain/earlier-time.ts';
import { aDelivery } from '../support/builders.ts';

const made = (ordinal: number, more: Partial<Delivery> = {}) =>
  aDelivery({ ordinal, status: 'delivered', delivered_at: '2026-03-01T12:00:00.000Z', ...more });
const trigger = (ordinal: number, cycle: number, more: Partial<Delivery> = {}) =>
  made(ordinal, { action: 'trigger', cycle, ...more });
const resolve = (ordinal: number, cycle: number, more: Partial<Delivery> = {}) =>
  made(ordinal, { action: 'resolve', cycle, ...more });
const chat = { target: 'slack:chat', destination: 'chat' } as const;

it.each<[string, number, readonly Delivery[], readonly boolean[]]>([
  ['an alert that was opened once is of one time', 1, [trigger(1, 1), resolve(2, 1)], [false, false]],
  ['what was told before the end is of an earlier time', 2, [trigger(1, 1), resolve(2, 1)], [true, true]],
  [
    'what was told after it is not',
    2,
    [trigger(1, 1), resolve(2, 1), trigger(3, 2), resolve(4, 2)],
    [true, true, false, false],
  ],
  ['each target has an end of its own', 2, [trigger(1, 1), resolve(2, 1), trigger(3, 2, chat)], [true, true, false]],
  [
    'an end that was called off or refused closed nothing',
    2,
    [
      trigger(1, 1),
      resolve(2, 1, { status: 'superseded' }),
      trigger(3, 1, chat),
      resolve(4, 1, { ...chat, status: 'failed' }),
    ],
    [false, true, false, true],
  ],
  [
    'the order in which they are given does not matter',
    2,
    [resolve(2, 1), trigger(3, 2), trigger(1, 1)],
    [true, false, true],
  ],
])('%s', (_what, cycle, deliveries, earlier) => {
  expect(deliveries.map(ofEarlierTime(deliveries, cycle))).toEqual(earlier);
});
