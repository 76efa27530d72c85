import { expect, it } from 'vitest';
import type { Delivery } from '../../src/domain/delivery.ts';
import { deliveryHistory } from '../../src/domain/delivery-history.ts';
import { component } from '../support/acme-page.ts';
import { aDelivery } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const at = '2026-03-01T12:00:00.000Z';
const other = aDelivery({ destination: 'other', status: 'delivered' });
/** What is said of a trigger that changes, beside a delivery that stays as it is. */
const saidOf = (before: Partial<Delivery>, after: Partial<Delivery>) =>
  deliveryHistory([other, aDelivery(before)], [other, aDelivery(after)], at, 'req');

it.each<[string, Partial<Delivery>, string, string | undefined]>([
  ['was accepted', { status: 'delivered', last_error: 'answered 500' }, 'delivered', undefined],
  ['was given up', { status: 'failed', last_error: 'answered 400' }, 'delivery_failed', 'answered 400'],
  ['was given up without an answer', { status: 'failed' }, 'delivery_failed', undefined],
  ['was called off', { status: 'superseded', last_error: 'answered 500' }, 'delivery_superseded', undefined],
])('the history says of a delivery that it %s, and why if it failed', (_what, after, change, reason) => {
  expect(saidOf({}, after)).toEqual([
    {
      at,
      change,
      request_id: 'req',
      event_id: 'acme_status:incident:1',
      destination: 'pagerduty',
      action: 'trigger',
      fields: { status: { old: 'pending', new: after.status } },
      ...(reason !== undefined && { reason }),
    },
  ]);
});

it.each<[string, Partial<Delivery>, Partial<Delivery>]>([
  ['is tried once more', {}, { attempts: 1, last_error: 'answered 500' }],
  ['was accepted before', { status: 'delivered' }, { status: 'delivered', may_have_arrived: true }],
  ['failed before and is tried anew', { status: 'failed' }, { status: 'pending' }],
])('the history says nothing of a delivery that %s', (_what, before, after) => {
  expect(saidOf(before, after)).toEqual([]);
});

it('a delivery that is created and called off in one step has been pending before', () => {
  expect(deliveryHistory([], [aDelivery({ status: 'superseded' })], at, 'req')).toMatchObject([
    { change: 'delivery_superseded', fields: { status: { old: 'pending', new: 'superseded' } } },
  ]);
});

it('what the end of an alert calls off stands in the history of the alert', () => {
  const world = createWorld();
  world.answerWith(() => 'transient');
  world.observe(component('a'));
  world.observe(component('a', { ended: '12:01' }));
  const [alert] = world.alerts();
  expect(world.histories.get(alert?.alert_id ?? '')?.map(({ change }) => change)).toEqual([
    'opened',
    'resolved',
    'delivery_superseded',
    'delivery_superseded',
  ]);
});
