import { expect, it } from 'vitest';
import { type Delivery, owe } from '../../src/domain/delivery.ts';
import type { UnifiedEvent } from '../../src/domain/event.ts';
import { decideRouting, type RoutingDecision, type RoutingRules } from '../../src/pipeline/routing.ts';
import type { EventRecord } from '../../src/stores/event-store.ts';
import { aDelivery, aRecord } from '../support/builders.ts';

const now = Date.parse('2026-03-01T12:00:00.000Z');
const over = { resolved_at: '2026-03-01T11:50:00.000Z' };
const warning = { severity: 'warning' } as const;
const info = { severity: 'info' } as const;
const pagerDuty = { name: 'pagerduty', reachesPeople: true };
const mock = { name: 'pagerduty', reachesPeople: false };

const rulesOf = (overrides: Partial<RoutingRules> = {}): RoutingRules => ({
  routeWarning: false,
  routeTestMode: false,
  destinations: [pagerDuty],
  ...overrides,
});
const decide = (record: EventRecord, rules: Partial<RoutingRules> = {}): RoutingDecision =>
  decideRouting(record, rulesOf(rules), 'req-2', now);
const withPages = (event: Partial<UnifiedEvent>, ...deliveries: readonly Delivery[]) =>
  aRecord(event, { version: 2, deliveries });

/** Each delivery as one text: action, cycle and status. */
const outline = ({ deliveries }: RoutingDecision) =>
  deliveries.map(({ action, cycle, status }) => `${action} ${cycle} ${status}`);

const trigger = (overrides: Partial<Delivery> = {}) => aDelivery({ action: 'trigger', ...overrides });
const resolve = (overrides: Partial<Delivery> = {}) => aDelivery({ action: 'resolve', ...overrides });
const accepted = { status: 'delivered', attempts: 1, next_attempt_at: null } as const;
const inFlight = { attempt_started_at: '2026-03-01T11:59:59.000Z', leased_until: '2026-03-01T12:00:19.000Z' };

it.each([
  ['critical', false, true, 'Sent, because critical events are always sent.'],
  ['critical', true, true, 'Sent, because critical events are always sent.'],
  ['warning', false, false, 'Not sent: warning events are sent only if ROUTE_WARNING=true.'],
  ['warning', true, true, 'Sent, because ROUTE_WARNING=true sends warning events.'],
  ['info', false, false, 'Not sent: info events are never sent.'],
  ['info', true, false, 'Not sent: info events are never sent.'],
] as const)('an open %s event, with ROUTE_WARNING=%j, is sent: %j', (severity, routeWarning, sent, reason) => {
  const decision = decide(aRecord({ severity }), { routeWarning });
  expect(decision.triggered).toBe(sent);
  expect(decision.reason).toBe(reason);
  expect(outline(decision)).toEqual(sent ? ['trigger 1 pending'] : []);
});

it('what is owed names the event, the destination and who asked for it', () => {
  const { deliveries } = decide(aRecord({ event_id: 'evt_1' }));
  expect(deliveries).toEqual([
    owe(
      {
        event_id: 'evt_1',
        destination: 'pagerduty',
        action: 'trigger',
        cycle: 1,
        reaches_people: true,
        request_id: 'req-2',
      },
      now,
    ),
  ]);
});

it.each([
  ['a real PagerDuty, by default', pagerDuty, false, 'critical', false],
  ['a real PagerDuty, with ROUTE_TEST_MODE=true', pagerDuty, true, 'critical', true],
  ['the mock', mock, false, 'critical', true],
  ['the mock, if it is info', mock, true, 'info', false],
  ['a real PagerDuty, with ROUTE_TEST_MODE=true, if it is a warning', pagerDuty, true, 'warning', false],
] as const)('whether a test-mode event is sent to %s', (_where, destination, routeTestMode, severity, sent) => {
  const record = aRecord({ severity, source: 'stripe', kind: 'payment' }, { test_mode: true });
  expect(decide(record, { routeTestMode, destinations: [destination] }).triggered).toBe(sent);
});

it('says that an event is not sent because of its test mode', () => {
  expect(decide(aRecord({}, { test_mode: true })).reason).toBe(
    'Not sent: test-mode events reach a real PagerDuty only if ROUTE_TEST_MODE=true.',
  );
});

it.each([
  ['critical', {}, {}, 'Not sent: it was already over when it was first seen.'],
  ['a warning that is sent', warning, { routeWarning: true }, 'Not sent: it was already over when it was first seen.'],
  ['a warning', warning, {}, 'Not sent: warning events are sent only if ROUTE_WARNING=true.'],
  ['info', info, {}, 'Not sent: info events are never sent.'],
])('an event that is over when it is first seen and is %s is not sent', (_what, event, rules, reason) => {
  expect(decide(aRecord({ ...event, ...over }), rules)).toEqual({ reason, deliveries: [], triggered: false });
});

it('an event that rises to a severity that is sent is triggered then', () => {
  const quiet = aRecord(warning);
  const decision = decide(quiet);
  expect(outline(decision)).toEqual([]);
  expect(outline(decide({ ...quiet, event: { ...quiet.event, severity: 'critical' } }))).toEqual(['trigger 1 pending']);
});

it.each<[string, Partial<Delivery>]>([
  ['was accepted', accepted],
  ['is on its way', inFlight],
  ['is still tried', { attempts: 4, last_error: 'answered 500' }],
])('an event whose page %s is not sent again when it changes', (_state, state) => {
  const record = withPages({}, trigger(state));
  expect(decide(record)).toEqual({
    reason: 'Sent once, because critical events are always sent; later changes send no second page.',
    deliveries: record.deliveries,
    triggered: false,
  });
});

it('deciding twice owes nothing twice', () => {
  const first = decide(aRecord());
  const second = decide(withPages({}, ...first.deliveries));
  expect(second.triggered).toBe(false);
  expect(second.deliveries).toEqual(first.deliveries);
});

it.each<[string, Partial<UnifiedEvent>, string]>([
  ['warning', warning, 'warning events are sent only if ROUTE_WARNING=true'],
  ['info', info, 'info events are never sent'],
])('a severity that falls to %s leaves the page open', (_severity, event, because) => {
  const record = withPages(event, trigger(accepted));
  expect(decide(record)).toEqual({
    reason: `Sent before; ${because}, but a page that was sent stays open until the event ends.`,
    deliveries: record.deliveries,
    triggered: false,
  });
});

it('a severity that falls and rises again sends no second trigger', () => {
  const fallen = decide(withPages(info, trigger(accepted)));
  const risen = decide(withPages({}, ...fallen.deliveries));
  expect(risen.triggered).toBe(false);
  expect(outline(risen)).toEqual(['trigger 1 delivered']);
});

it.each<[string, Partial<UnifiedEvent>]>([
  ['critical', {}],
  ['a warning by now, which is not sent', warning],
  ['info by now', info],
])('an event that ends after its trigger is resolved when it is %s', (_what, event) => {
  const decision = decide(withPages({ ...event, ...over }, trigger(accepted)));
  expect(outline(decision)).toEqual(['trigger 1 delivered', 'resolve 1 pending']);
  expect(decision.triggered).toBe(false);
  expect(decision.reason).toBe('Sent, and its end is sent too.');
  expect(decision.deliveries[1]).toMatchObject({ request_id: 'req-2', destination: 'pagerduty' });
});

it('what was triggered is resolved although ROUTE_WARNING was switched off meanwhile', () => {
  const open = decide(aRecord(warning), { routeWarning: true });
  const paged = open.deliveries.map((delivery) => ({ ...delivery, ...accepted }));
  expect(outline(decide(withPages({ ...warning, ...over }, ...paged), { routeWarning: false }))).toEqual([
    'trigger 1 delivered',
    'resolve 1 pending',
  ]);
});

it('what was triggered is resolved although ROUTE_TEST_MODE was switched off meanwhile', () => {
  const record = aRecord(over, { test_mode: true, deliveries: [trigger(accepted)] });
  expect(outline(decide(record))).toEqual(['trigger 1 delivered', 'resolve 1 pending']);
});

it.each<[string, Partial<Delivery>, readonly string[], string]>([
  [
    'never accepted calls both off',
    {},
    ['trigger 1 superseded', 'resolve 1 superseded'],
    'Not sent: it ended before its page was accepted.',
  ],
  ['in flight awaits it', inFlight, ['trigger 1 pending', 'resolve 1 pending'], 'Sent, and its end is sent too.'],
  [
    'left without an answer sends the resolve alone',
    { may_have_arrived: true },
    ['trigger 1 superseded', 'resolve 1 pending'],
    'Sent, and its end is sent too.',
  ],
  [
    'refused for good has nothing to resolve',
    { status: 'failed' },
    ['trigger 1 failed'],
    'Not sent: its page was never accepted, so there is none to close.',
  ],
  [
    'given up without an answer is resolved',
    { status: 'failed', may_have_arrived: true },
    ['trigger 1 failed', 'resolve 1 pending'],
    'Sent, and its end is sent too.',
  ],
])('the end of an event whose trigger was %s', (_state, state, left, reason) => {
  const decision = decide(withPages(over, trigger(state)));
  expect(outline(decision)).toEqual(left);
  expect(decision.reason).toBe(reason);
});

it.each<[string, Partial<Delivery>]>([
  ['sent', accepted],
  ['still owed', {}],
])('text after the end owes no second resolve when the first is %s', (_state, state) => {
  const record = withPages(over, trigger(accepted), resolve(state));
  expect(decide(record).deliveries).toEqual(record.deliveries);
});

it('an event that is open again is triggered again, as its second page', () => {
  const decision = decide(withPages({}, trigger(accepted), resolve(accepted)));
  expect(outline(decision)).toEqual(['trigger 1 delivered', 'resolve 1 delivered', 'trigger 2 pending']);
  expect(decision.triggered).toBe(true);
  expect(decision.reason).toBe('Sent again, because the event is open again.');
  expect(new Set(decision.deliveries.map(({ id }) => id)).size).toBe(3);
});

it('an event that is open again but is not to be sent by now is not triggered again', () => {
  const record = withPages(info, trigger(accepted), resolve(accepted));
  expect(decide(record)).toEqual({
    reason: 'Not sent: info events are never sent.',
    deliveries: record.deliveries,
    triggered: false,
  });
});

it('the second page of an event is resolved for itself', () => {
  const pages = [trigger(accepted), resolve(accepted), trigger({ cycle: 2, ...accepted })];
  expect(outline(decide(withPages(over, ...pages)))).toEqual([
    'trigger 1 delivered',
    'resolve 1 delivered',
    'trigger 2 delivered',
    'resolve 2 pending',
  ]);
});

it('an event that was called off and is open again is triggered', () => {
  const calledOff = { status: 'superseded', next_attempt_at: null } as const;
  const decision = decide(withPages({}, trigger(calledOff), resolve(calledOff)));
  expect(outline(decision)).toEqual(['trigger 1 superseded', 'resolve 1 superseded', 'trigger 2 pending']);
});

it('an event that is open again while its resolve is on the way is triggered after it', () => {
  const decision = decide(withPages({}, trigger(accepted), resolve()));
  expect(outline(decision)).toEqual(['trigger 1 delivered', 'resolve 1 pending', 'trigger 2 pending']);
});

it('an open event whose page was refused is tried again when it changes', () => {
  const decision = decide(withPages({}, trigger({ status: 'failed' })));
  expect(outline(decision)).toEqual(['trigger 1 failed', 'trigger 2 pending']);
  expect(decision.triggered).toBe(true);
  expect(decision.deliveries[1]).toMatchObject({ may_have_arrived: false });
});

it('an event that is sent again because its page was refused is not said to be open again', () => {
  expect(decide(withPages({}, trigger({ status: 'failed' }))).reason).not.toContain('open again');
});

it('a page that may have arrived is closed, although a second one was owed for it', () => {
  const given = withPages({}, trigger({ status: 'failed', may_have_arrived: true }));
  const again = decide(given);
  expect(again.deliveries[1]).toMatchObject({ cycle: 2, may_have_arrived: true });
  expect(outline(decide(withPages(over, ...again.deliveries)))).toEqual([
    'trigger 1 failed',
    'trigger 2 superseded',
    'resolve 2 pending',
  ]);
});

it('each destination is decided for itself, and the reason tells of both', () => {
  const destinations = [pagerDuty, { name: 'chat', reachesPeople: false }];
  const decision = decide(aRecord({}, { test_mode: true }), { destinations });
  expect(decision.deliveries.map(({ destination }) => destination)).toEqual(['chat']);
  expect(decision.triggered).toBe(true);
  expect(decision.reason).toBe(
    'Not sent: test-mode events reach a real PagerDuty only if ROUTE_TEST_MODE=true. Sent, because critical events are always sent.',
  );
});

it('what two destinations have in common is said once', () => {
  const destinations = [pagerDuty, { name: 'chat', reachesPeople: false }];
  expect(decide(aRecord(info), { destinations }).reason).toBe('Not sent: info events are never sent.');
});

it('the end of an event is sent only where its page was', () => {
  const destinations = [pagerDuty, { name: 'chat', reachesPeople: false }];
  const { deliveries } = decide(withPages(over, trigger({ destination: 'chat', ...accepted })), { destinations });
  expect(deliveries.map(({ destination, action }) => `${destination} ${action}`)).toEqual([
    'chat trigger',
    'chat resolve',
  ]);
});

it.each([
  ['waits for its next attempt', {}, 'superseded'],
  ['is in flight', { leased_until: '2026-03-01T12:00:20.000Z' }, 'pending'],
  ['may have arrived', { may_have_arrived: true }, 'pending'],
] as const)('a trigger that %s when its event falls to info is left %s', (_when, more, status) => {
  const record = aRecord({ severity: 'info' }, { deliveries: [aDelivery(more)] });
  const decision = decide(record);
  expect(decision.deliveries.map((delivery) => delivery.status)).toEqual([status]);
  expect(decision.triggered).toBe(false);
});

it('an event that rises again after its page was called off is triggered anew', () => {
  const decision = decide(aRecord({ severity: 'critical' }, { deliveries: [aDelivery({ status: 'superseded' })] }));
  expect(outline(decision)).toEqual(['trigger 1 superseded', 'trigger 2 pending']);
  expect(decision.triggered).toBe(true);
});

it('an event that ends after its page was called off owes no resolve', () => {
  const over = aRecord(
    { resolved_at: '2026-03-01T11:59:00.000Z' },
    { deliveries: [aDelivery({ status: 'superseded' })] },
  );
  expect(outline(decide(over))).toEqual(['trigger 1 superseded']);
});
