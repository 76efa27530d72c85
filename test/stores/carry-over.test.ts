// What the version before kept of an event, as it is kept now; whole stores of it are carried over in the databases' tests.
import { expect, it } from 'vitest';
import { decideAlert } from '../../src/domain/decide-alert.ts';
import { carryOver } from '../../src/stores/carry-over.ts';
import { aDelivery, anEvent, aRecord } from '../support/builders.ts';
import { aPolicy } from '../support/world.ts';

const old = (source: string, subject: string) => {
  const event = anEvent({ source, event_id: subject });
  const { alert_id: _alert, ...delivery } = aDelivery({ status: 'delivered', reaches_people: false });
  return {
    ...aRecord(event),
    event,
    subject,
    version: 1,
    routed_version: 1,
    deliveries: [{ ...delivery, action: 'trigger' as const }],
  };
};

const reading = {
  facts: { type: 'payout.failed' },
  scope: 'stripe::po_1',
  traits: { item: 'payment' as const, name: 'payout.failed', components: [], group: null, pageSize: 0 },
};

it.each([
  ['spreedly_status', 'spreedly_status:incident:inc_spreedly_1', true],
  ['braze_status', 'braze_status:component:comp_dashboard', true],
  ['spreedly_status', 'spreedly_status:incident:1', false],
  ['acme_status', 'acme_status:incident:inc_spreedly_1', false],
])('whoever goes live is told nothing of a fixture that was read for trying: %s, %s', (source, subject, isTest) => {
  const { event, alert } = carryOver(old(source, subject));
  expect(event.test_mode).toBe(isTest);
  expect(alert?.members).toMatchObject([{ test_mode: isTest }]);
});

it('a payment that only the mock was told says so when people can be told', () => {
  const event = anEvent({ source: 'stripe', event_id: 'evt_1', kind: 'payment' });
  const { event: record, alert } = carryOver({ ...old('stripe', 'evt_1'), event });
  if (!alert) throw new Error('it has no alert');
  const moment = { policy: aPolicy(), nowMs: Date.parse('2026-03-01T12:00:00Z'), requestId: 'req' };
  const { events, alert: after } = decideAlert({ ...moment, alert, members: [record], endings: [], cause: 'time' });
  expect(after.deliveries).toHaveLength(1);
  expect(events.map(({ routing_reason: reason }) => reason)).toEqual([
    'Not sent: only the mock was told, and payments of that time are not told again.',
  ]);
});

it('what was acknowledged and not decided yet is told when its alert is looked at', () => {
  const undecided = { ...old('acme_status', 'acme_status:incident:1'), routed_version: 0, deliveries: [] };
  const { event, alert } = carryOver(undecided);
  if (!alert) throw new Error('it has no alert');
  const moment = { policy: aPolicy(), nowMs: Date.parse('2026-03-01T12:00:00Z'), requestId: 'req' };
  const decided = decideAlert({ ...moment, alert, members: [event], endings: [], cause: 'time' });
  expect(alert.wake_at).toBe(event.first_seen_at);
  expect(decided.alert.deliveries.map(({ action }) => action)).toEqual(['trigger']);
});

it('a payment that was not decided yet, and is well again by what was stored after it, is told to nobody', () => {
  const event = anEvent({ source: 'stripe', event_id: 'evt_1', kind: 'payment', severity: 'critical' });
  const undecided = { ...old('stripe', 'evt_1'), event, routed_version: 0, routing_reason: null, deliveries: [] };
  const { event: record, alert } = carryOver(undecided, () => reading);
  if (!alert) throw new Error('it has no alert');
  const later = { event_id: 'evt_2', source: 'stripe', started_at: '2026-03-01T11:50:00.000Z' };
  const ending = aRecord(later, { scope: reading.scope, ends_types: ['payout.failed'] });
  const moment = { policy: aPolicy(), nowMs: Date.parse('2026-03-01T12:00:00Z'), requestId: 'req' };
  const decided = decideAlert({ ...moment, alert, members: [record], endings: [ending], cause: 'time' });
  expect(decided.alert).toMatchObject({ state: 'resolved', deliveries: [] });
  expect(decided.events.map(({ routing_reason: reason }) => reason)).toEqual([
    'Not sent: it was over before it was to be sent.',
  ]);
});

it('a payment that is more than a week old ends without telling anybody, well again or not', () => {
  const event = anEvent({ source: 'stripe', event_id: 'evt_1', kind: 'payment', severity: 'critical' });
  const { event: record, alert } = carryOver({ ...old('stripe', 'evt_1'), event }, () => reading);
  if (!alert) throw new Error('it has no alert');
  const later = { event_id: 'evt_2', source: 'stripe', started_at: '2026-03-01T11:50:00.000Z' };
  const ending = aRecord(later, { scope: reading.scope, ends_types: ['payout.failed'] });
  const moment = { policy: aPolicy(), nowMs: Date.parse('2026-03-09T12:00:00Z'), requestId: 'req' };
  const decided = decideAlert({ ...moment, alert, members: [record], endings: [ending], cause: 'time' });
  expect(decided.alert).toMatchObject({ state: 'resolved', deliveries: [{ action: 'trigger' }] });
});
