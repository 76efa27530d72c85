import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { deliveryHistory } from '../../src/stores/history.ts';
import { aDelivery } from '../support/builders.ts';

const at = '2026-03-01T12:00:00.000Z';
const historyOf = (before: readonly Delivery[], after: readonly Delivery[]) =>
  deliveryHistory(before, after, at, 'req-1');

it.each([
  ['delivered', 'delivered'],
  ['failed', 'delivery_failed'],
  ['superseded', 'delivery_superseded'],
] as const)('a delivery that is %s now makes one entry', (status, change) => {
  expect(historyOf([aDelivery()], [aDelivery({ status })])).toEqual([
    {
      at,
      change,
      request_id: 'req-1',
      event_id: 'acme_status:incident:1',
      destination: 'pagerduty',
      action: 'trigger',
      fields: { status: { old: 'pending', new: status } },
    },
  ]);
});

it('a delivery that failed says why', () => {
  const failed = aDelivery({ status: 'failed', last_error: 'answered 400' });
  expect(historyOf([aDelivery()], [failed])).toMatchObject([{ change: 'delivery_failed', reason: 'answered 400' }]);
});

it('a delivery that was called off does not say what went wrong before', () => {
  const [entry] = historyOf([aDelivery()], [aDelivery({ status: 'superseded', last_error: 'answered 500' })]);
  expect(entry).not.toHaveProperty('reason');
});

it.each([
  ['still pending', [aDelivery()], [aDelivery({ attempts: 1, last_error: 'answered 500' })]],
  ['newly owed', [], [aDelivery()]],
  ['at its end already', [aDelivery({ status: 'delivered' })], [aDelivery({ status: 'delivered' })]],
])('a delivery that is %s makes no entry', (_state, before, after) => {
  expect(historyOf(before, after)).toEqual([]);
});

it('a delivery that was owed and called off in one step makes an entry', () => {
  const resolve = aDelivery({ action: 'resolve', status: 'superseded' });
  const entries = historyOf([aDelivery()], [aDelivery({ status: 'superseded' }), resolve]);
  expect(entries.map(({ action, change }) => `${action} ${change}`)).toEqual([
    'trigger delivery_superseded',
    'resolve delivery_superseded',
  ]);
});
