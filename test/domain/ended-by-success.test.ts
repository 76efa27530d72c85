// Good news of Stripe: what it ends, and what it leaves alone.
import { expect, it } from 'vitest';
import { maxMembers } from '../../src/domain/alert.ts';
import { endByGoodNews, isEndedAlready } from '../../src/domain/ended-by-success.ts';
import { environmentRules } from '../../src/domain/rules/rules.ts';
import { payment } from '../support/acme-page.ts';
import { aMember, anAlert, aRecord } from '../support/builders.ts';
import { aPolicy, createWorld } from '../support/world.ts';

const base = environmentRules({ routeWarning: false, destinations: [] });
const everythingIsSent = aPolicy({
  rules: {
    ...base,
    routes: [
      {
        name: 'all',
        place: null,
        because: 'all of it is sent',
        matches: () => true,
        send: ['pagerduty'],
        holdMs: 0,
        atEndOfWindow: [],
        windows: [],
        resolveAfterMs: null,
      },
    ],
  },
});

const paid = (id: string, object: string, severity: 'info' | 'warning') =>
  payment(id, 'payout.paid', object, '12:01', { severity, endsTypes: ['payout.failed'] });

it('good news that is sent itself ends the alert of the same object all the same', () => {
  const world = createWorld(everythingIsSent);
  world.observe(payment('evt_1', 'payout.failed', 'po_1', '12:00'));
  world.observe(paid('evt_2', 'po_1', 'warning'));
  expect(world.told()).toEqual(['trigger evt_1 critical', 'resolve evt_1', 'trigger evt_2 warning']);
  expect(world.alert('evt_1')).toMatchObject({ state: 'resolved' });
});

it('good news of one object ends nothing of the others that a storm has put into its alert', () => {
  const world = createWorld();
  for (let n = 1; n <= 30; n++) world.observe(payment(`evt_${n}`, 'payout.failed', `po_${n}`, '12:00'));
  const storm = world.alerts().find(({ members }) => members.length > 1);
  expect(storm?.members).toHaveLength(10);
  const opener = storm?.alert_id ?? '';
  world.observe(paid('evt_paid', opener.replace('evt', 'po'), 'info'));
  expect(world.alert(opener)).toMatchObject({ state: 'open' });
  expect(world.told().filter((each) => each.startsWith('resolve'))).toEqual([]);
});

const stormOf = (count: number, spread = '12:00') => {
  const world = createWorld();
  for (let n = 1; n <= count; n++) world.observe(payment(`evt_${n}`, 'payout.failed', `po_${n}`, spread));
  return world;
};
const resolves = (world: ReturnType<typeof createWorld>) => world.told().filter((each) => each.startsWith('resolve'));

it('each payment of a storm ends by the good news of its own object, and with the last of them the alert', () => {
  const world = stormOf(24);
  expect(world.alert('evt_21')?.members).toHaveLength(4);
  for (const n of [22, 21, 24]) world.observe(paid(`evt_paid_${n}`, `po_${n}`, 'info'));
  expect(world.alert('evt_21')).toMatchObject({ state: 'open' });
  expect(world.alert('evt_21')?.members.filter(({ ended_at: end }) => end === null)).toMatchObject([
    { event_id: 'evt_23' },
  ]);
  expect(resolves(world)).toEqual([]);
  // By the contract a payment is open while its alert is.
  expect(world.event('evt_22')).toMatchObject({ alert_is_open: true });
  world.observe(paid('evt_paid_23', 'po_23', 'info'));
  expect(world.alert('evt_21')).toMatchObject({ state: 'resolved' });
  expect(resolves(world)).toEqual(['resolve evt_21']);
  expect(world.event('evt_22')).toMatchObject({ alert_is_open: false, event: { resolved_at: null } });
});

it('a payment of a storm does not end by good news that was created before it, or that ends another type', () => {
  const world = stormOf(24, '12:02');
  world.observe(paid('evt_early', 'po_22', 'info'));
  world.observe(
    payment('evt_other', 'payout.paid', 'po_22', '12:05', { severity: 'info', endsTypes: ['payout.canceled'] }),
  );
  expect(world.alert('evt_21')?.members.every(({ ended_at: end }) => end === null)).toBe(true);
});

it('a payment beyond those that an alert keeps holds it open, until it ends by its own good news too', () => {
  const world = stormOf(20 + maxMembers + 2);
  expect(world.alert('evt_21')).toMatchObject({ uncounted: 2 });
  const last = 20 + maxMembers + 2;
  world.observe(paid(`evt_paid_${last}`, `po_${last}`, 'info'));
  for (let n = 21; n < last - 1; n++) world.observe(paid(`evt_paid_${n}`, `po_${n}`, 'info'));
  expect(world.alert('evt_21')).toMatchObject({ state: 'open' });
  expect(resolves(world)).toEqual([]);
  world.observe(paid(`evt_paid_${last - 1}`, `po_${last - 1}`, 'info'));
  expect(resolves(world)).toEqual(['resolve evt_21']);
});

it('a payment that is only information is told where a route sends it', () => {
  const world = createWorld(everythingIsSent);
  world.observe(paid('evt_1', 'po_1', 'info'));
  expect(world.told()).toEqual(['trigger evt_1 info']);
  expect(world.event('evt_1')).toMatchObject({ routed: true, alert_is_open: true });
});

it('good news ends only what has the name that it ends, and is told by its summary where it has no name itself', () => {
  const good = { started_at: '2026-03-01T12:00:00.000Z', summary: 'All is paid' };
  const record = aRecord({ kind: 'payment', ...good }, { ends_types: ['payout.failed'] });
  const members = [aMember({ event_id: 'evt_1', name: 'payout.failed' }), aMember({ event_id: 'evt_2' })];
  const moment = { policy: aPolicy(), nowMs: Date.parse('2026-03-01T12:01:00Z'), requestId: 'req' };
  const [change] = endByGoodNews(record, [anAlert({ scope: record.scope, members })], [], moment).alerts;
  expect(change?.alert.members.map(({ ended_at: end }) => end)).toEqual(['2026-03-01T12:01:00.000Z', null]);
  expect(change?.history[0]).toEqual({
    at: '2026-03-01T12:01:00.000Z',
    change: 'updated',
    request_id: 'req',
    reason: 'one of its payments is well again: All is paid',
  });
  const nameless = aRecord({ kind: 'payment', started_at: '2026-03-01T11:00:00.000Z' });
  expect(isEndedAlready(nameless, [record])).toBe(false);
  const traits = { ...nameless.traits, name: 'payout.failed' };
  expect(isEndedAlready({ ...nameless, traits }, [record])).toBe(true);
});
