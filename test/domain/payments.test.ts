// Payments: facts with no end of their own, in alerts that have one.
import { describe, expect, it } from 'vitest';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { payment } from '../support/acme-page.ts';
import { aManualResolve } from '../support/builders.ts';
import { aDestination, aPolicy, createWorld } from '../support/world.ts';

const failed = (id: string, started = '12:00') => payment(id, 'payout.failed', 'po_1', started);
const paid = (id: string, started: string) =>
  payment(id, 'payout.paid', 'po_1', started, { severity: 'info', endsTypes: ['payout.failed', 'payout.canceled'] });

describe('the alert of a payment', () => {
  it('takes in a second event of the same change', () => {
    const world = createWorld();
    world.observe(failed('evt_1'), failed('evt_2'));
    expect(world.alerts().map(({ members }) => members.length)).toEqual([2]);
    expect(world.told()).toEqual(['trigger evt_1 critical', 'update evt_1 critical']);
  });

  it('takes in no later event of the object, which opens its own', () => {
    const world = createWorld();
    world.observe(failed('evt_1'), failed('evt_2', '12:02'));
    expect(world.told()).toEqual(['trigger evt_1 critical', 'trigger evt_2 critical']);
  });

  it('is none when the payment is not sent anywhere', () => {
    const world = createWorld();
    world.observe(payment('evt_1', 'payment_intent.payment_failed', 'pi_1', '12:00', { severity: 'warning' }));
    expect(world.alerts()).toEqual([]);
    expect(world.event('evt_1')).toMatchObject({
      alert_id: null,
      routing_reason: 'Not sent: warning events are sent only if ROUTE_WARNING=true.',
    });
  });

  it('is none in test mode, where only people could be told', () => {
    const world = createWorld();
    world.observe(payment('evt_1', 'payout.failed', 'po_1', '12:00', { testMode: true }));
    expect(world.alerts()).toEqual([]);
    expect(world.event('evt_1')?.routing_reason).toBe(
      'Not sent: test-mode events reach people only if ROUTE_TEST_MODE=true.',
    );
  });

  it('in test mode is told to the mock, and to people only if it is asked for', () => {
    const test = payment('evt_1', 'payout.failed', 'po_1', '12:00', { testMode: true });
    const both = [aDestination(), aDestination({ name: 'mock', reachesPeople: false })];
    const one = createWorld(aPolicy({ destinations: both }));
    one.observe(test);
    expect([one.told(), one.told('mock')]).toEqual([[], ['trigger evt_1 critical']]);
    const all = createWorld(aPolicy({ destinations: both, routeTestMode: true }));
    all.observe(test);
    expect(all.told()).toEqual(['trigger evt_1 critical']);
  });

  it('is closed after a week without telling anybody', () => {
    const world = createWorld();
    world.observe(failed('evt_1'));
    world.step(7 * 24 * 3_600_000 - 60_000);
    world.settle();
    expect(world.event('evt_1')?.alert_is_open).toBe(true);
    world.pass(1);
    expect(world.alerts().map(({ state }) => state)).toEqual(['resolved']);
    expect(world.event('evt_1')).toMatchObject({ alert_is_open: false, event: { resolved_at: null } });
    expect(world.told()).toEqual(['trigger evt_1 critical']);
  });

  it('ends by resolve_after, and its end is told', () => {
    const rules = environmentRules({ routeWarning: false, destinations: ['pagerduty'] });
    const routes = rules.routes.map((route) => ({ ...route, resolveAfterMs: 2 * 3_600_000 }));
    const world = createWorld(aPolicy({ rules: { ...rules, routes } }));
    world.observe(failed('evt_1'));
    world.pass(119);
    expect(world.told()).toEqual(['trigger evt_1 critical']);
    world.pass(1);
    expect(world.told()).toEqual(['trigger evt_1 critical', 'resolve evt_1']);
  });

  it('ends by hand', () => {
    const world = createWorld();
    world.observe(failed('evt_1'));
    const alert = { id: 'evt_1', scope: 'stripe::po_1' };
    world.observe(aManualResolve({ eventId: 'evt_1', scope: 'stripe::po_1', alert }));
    expect(world.told()).toEqual(['trigger evt_1 critical', 'resolve evt_1']);
  });
});

describe('good news', () => {
  it('ends what was told of its object before', () => {
    const world = createWorld();
    world.observe(failed('evt_1'), failed('evt_2', '12:05'), paid('evt_3', '12:10'));
    expect(world.alerts().map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    expect(world.event('evt_1')).toMatchObject({ alert_is_open: false, event: { resolved_at: null } });
  });

  it.each([
    ['was created at the same time', paid('evt_2', '12:00')],
    ['was created before', paid('evt_2', '11:59')],
    [
      'is of another object',
      payment('evt_2', 'payout.paid', 'po_2', '12:10', { severity: 'info', endsTypes: ['payout.failed'] }),
    ],
    [
      'is of another account',
      payment('evt_2', 'payout.paid', 'po_1', '12:10', {
        severity: 'info',
        account: 'acct_1',
        endsTypes: ['payout.failed'],
      }),
    ],
    [
      'ends another type',
      payment('evt_2', 'payout.paid', 'po_1', '12:10', { severity: 'info', endsTypes: ['payout.canceled'] }),
    ],
  ])('that %s ends nothing', (_why, news) => {
    const world = createWorld();
    world.observe(failed('evt_1'), news);
    expect(world.alerts().map(({ state }) => state)).toEqual(['open']);
  });

  it('that is stored already makes bad news that comes later over before we knew', () => {
    const world = createWorld();
    world.observe(paid('evt_2', '12:10'), failed('evt_1'));
    expect(world.alerts()).toEqual([]);
    expect(world.event('evt_1')?.routing_reason).toBe('Not sent: over before we knew.');
  });

  it('that was created before does not', () => {
    const world = createWorld();
    world.observe(paid('evt_2', '11:59'), failed('evt_1'));
    expect(world.told()).toEqual(['trigger evt_1 critical']);
  });
});
