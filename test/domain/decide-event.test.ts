// Which alert an event comes into, what its history says of that, and what is remembered of the event.
import { expect, it } from 'vitest';
import { decideEvent } from '../../src/domain/decide-event.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { at, component, incident, payment } from '../support/acme-page.ts';
import { anAlert, aRecord } from '../support/builders.ts';
import { aPolicy, createWorld, type World } from '../support/world.ts';

const id = 'acme_status:incident:1';
const names = { components: ['a'] };
const key = (name: string) => `acme_status:component:${name}:${at('12:00')}`;
/** How events came into an alert: the change and the event. */
const comings = (world: World, alertId: string) =>
  (world.histories.get(alertId) ?? []).flatMap(
    ({ change, event_id: eventId, reason, at: time, request_id: request }) =>
      ['opened', 'joined', 'reopened'].includes(change)
        ? [[change, eventId, reason !== undefined && reason !== '', time, request]]
        : [],
  );

it('the history of an alert says when and why each event came into it, and opened it again', () => {
  const world = createWorld();
  world.observe(incident('1', names), component('a'));
  world.observe(incident('1', { ...names, ended: '12:01' }), component('a', { ended: '12:01' }));
  world.pass(2);
  world.observe(incident('1', names));
  expect(comings(world, id)).toEqual([
    ['opened', id, true, at('12:00'), 'req'],
    ['joined', key('a'), true, at('12:00'), 'req'],
    ['reopened', id, true, at('12:02'), 'req'],
  ]);
});

it('what was down at the first look, and what a storm takes in, has joined', () => {
  const first = createWorld();
  const look = { firstLook: true, pageSize: 100 };
  first.observe(component('a', look), component('b', look));
  expect(comings(first, key('a')).map(([change, event]) => [change, event])).toEqual([
    ['opened', key('a')],
    ['joined', key('b')],
  ]);
  const storm = createWorld();
  for (let n = 1; n <= 22; n++) storm.observe(payment(`evt_${n}`, 'payout.failed', `po_${n}`, '12:00'));
  expect(comings(storm, 'evt_21').map(([change, event]) => [change, event])).toEqual([
    ['opened', 'evt_21'],
    ['joined', 'evt_22'],
  ]);
});

it('alerts of which nobody is to be told make no storm', () => {
  const policy = aPolicy();
  const world = createWorld(aPolicy({ rules: { ...policy.rules, routes: [] } }));
  for (let n = 1; n <= 25; n++) world.observe(component(`c${n}`, { pageSize: 100 }));
  expect(world.sent).toEqual([]);
  expect(world.alerts()).toHaveLength(25);
});

it('an event that fits two alerts joins one of them, and each names the other, once', () => {
  const world = createWorld();
  const large = { pageSize: 100 };
  world.observe(component('a', large), component('b', large));
  expect(world.alerts()).toHaveLength(2);
  const both = { ...large, components: ['a', 'b'] };
  world.observe(incident('1', both));
  world.observe(incident('1', { ...both, status: 'monitoring' }));
  expect(world.alerts().map(({ alert_id: alertId, related }) => [alertId, related])).toEqual([
    [key('a'), [key('b')]],
    [key('b'), [key('a')]],
  ]);
  expect(world.event(id)?.alert_id).toBe(key('a'));
});

it('an event that was sent stays one, with its reason, long after its alert has ended', () => {
  const world = createWorld();
  world.observe(incident('1'));
  world.observe(incident('1', { status: 'monitoring' }));
  expect(world.event(id)).toMatchObject({ routed: true });
  world.observe(incident('1', { ended: '12:05' }));
  world.pass(120);
  world.observe(incident('1', { ended: '12:05', name: 'Written up' }));
  expect(world.event(id)).toMatchObject({
    event: { summary: 'Written up' },
    routed: true,
    routing_reason: 'Sent, and its end is sent too.',
  });
});

it.each([
  ['outage', at('11:00'), `${id}`],
  ['outage', '2026-03-01T10:59:59.999Z', `${id}#2`],
  ['none', at('11:00'), `${id}`],
  ['none', '2026-03-01T10:59:59.999Z', `${id}#2`],
] as const)('with fold: %s what is open again at 12:00, after an end at %s, is in %s', (fold, endedAt, alertId) => {
  const rules = { ...environmentRules({ routeWarning: false, destinations: ['pagerduty'] }), fold };
  const { record } = decideEvent({
    record: aRecord({}, { alert_id: id, alerts_opened: 1 }),
    change: 'reopened',
    alerts: [anAlert({ state: 'resolved', resolved_at: endedAt })],
    endings: [],
    firstLook: false,
    policy: aPolicy({ rules }),
    nowMs: Date.parse(at('12:00')),
    requestId: 'req',
  });
  expect(record.alert_id).toBe(alertId);
});
