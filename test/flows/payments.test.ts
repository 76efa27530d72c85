// Payments: two events of one change are one alert, and it ends by good news or by rule.
import { expect, it } from 'vitest';
import { playing } from '../support/playing.ts';
import { withRules } from '../support/rules-file.ts';
import { stripeEvent } from '../support/stripe.ts';

const created = 1_767_225_600;
const payout = (id: string, type: string, seconds: number, account?: string) =>
  stripeEvent(id, type, { created: created + seconds, data: { object: { id: 'po_1' } }, ...(account && { account }) });

it('two events of one change of one object are two events of one alert', async () => {
  const { pagerDuty, service } = await playing();
  await service.postStripe(payout('evt_1', 'payout.failed', 0));
  await service.postStripe(payout('evt_2', 'payout.failed', 30));
  await service.postStripe(payout('evt_3', 'payout.failed', 0, 'acct_other'));
  await service.app.idle();
  expect((await service.alerts()).map(({ alert_id: id, event_count: count }) => [id, count])).toEqual([
    ['evt_3', 1],
    ['evt_1', 2],
  ]);
  expect(pagerDuty.incidents().map(({ key, opened }) => [key, opened])).toEqual([
    ['evt_1', 1],
    ['evt_3', 1],
  ]);
  expect(await service.event('evt_2')).toMatchObject({ alert_id: 'evt_1', delivered_to: ['pagerduty'] });
});

it('a later failure of the same object is an alert of its own', async () => {
  const { pagerDuty, service } = await playing();
  await service.postStripe(payout('evt_1', 'payout.failed', 0));
  await service.postStripe(payout('evt_2', 'payout.failed', 600));
  await service.app.idle();
  expect(pagerDuty.incidents()).toHaveLength(2);
});

it('good news closes the alert of the same object, and is told once', async () => {
  const { pagerDuty, service } = await playing();
  await service.postStripe(payout('evt_1', 'payout.failed', 0));
  await service.app.idle();
  await service.postStripe(payout('evt_other', 'payout.paid', 60, 'acct_other'));
  await service.app.idle();
  expect(await service.events('?state=open')).toMatchObject([{ event_id: 'evt_1' }]);
  await service.postStripe(payout('evt_2', 'payout.paid', 60));
  await service.app.idle();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1', 'resolve evt_1']);
  expect(await service.alert('evt_1')).toMatchObject({ state: 'resolved' });
  // A payment itself has no end.
  expect(await service.event('evt_1')).toMatchObject({ resolved_at: null });
  expect(await service.events('?state=open')).toEqual([]);
});

it('good news that came first leaves its bad news untold', async () => {
  const { pagerDuty, service } = await playing();
  await service.postStripe(payout('evt_2', 'payout.paid', 60));
  await service.postStripe(payout('evt_1', 'payout.failed', 0));
  await service.app.idle();
  expect(pagerDuty.requests).toEqual([]);
  expect((await service.event('evt_1')).routing_reason).toMatch(/over before we knew/);
});

it('a rule ends an alert of payments after a time', async () => {
  const file = await withRules(`
version: 1
destinations: { oncall: { type: pagerduty, routing_key: R0123456789abcdef0123456789ABCDE } }
routes: [{ name: payments, when: { source: stripe, severity: critical }, send: [oncall], resolve_after: 24h }]
`);
  const { pagerDuty, service, wait } = await playing({ CONFIG_FILE: file.path, PAGERDUTY_ROUTING_KEY: '' });
  await service.postStripe(payout('evt_1', 'payout.failed', 0));
  await service.app.idle();
  await wait(23 * 3_600_000);
  expect(await service.alerts('?state=open')).toMatchObject([{ wake_at: { at: '2026-03-02T12:00:00.000Z' } }]);
  await wait(3_600_000);
  expect(pagerDuty.accepted).toEqual(['trigger evt_1', 'resolve evt_1']);
});

it('a payment that nobody closes is closed after a week, and nobody is told', async () => {
  const { pagerDuty, service, wait } = await playing();
  await service.postStripe(payout('evt_1', 'payout.failed', 0));
  await service.app.idle();
  await wait(7 * 24 * 3_600_000);
  expect(await service.alerts('?state=open')).toEqual([]);
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
});

it('a payout of a storm ends by its own good news, and its alert with the last of them', async () => {
  const { pagerDuty, service } = await playing();
  const ofPayout = (n: number, type: string, seconds: number) =>
    stripeEvent(`evt_${type}_${n}`, type, { created: created + seconds, data: { object: { id: `po_${n}` } } });
  for (let n = 1; n <= 23; n++) await service.postStripe(ofPayout(n, 'payout.failed', 0));
  await service.app.idle();
  const storm = (await service.alerts()).find(({ event_count: count }) => count === 3);
  const resolved = () => pagerDuty.accepted.filter((each) => each === `resolve ${storm?.alert_id}`);
  for (const n of [22, 21]) await service.postStripe(ofPayout(n, 'payout.paid', 60));
  await service.app.idle();
  expect(resolved()).toEqual([]);
  expect(await service.alert(storm?.alert_id ?? '')).toMatchObject({ state: 'open' });
  await service.postStripe(ofPayout(23, 'payout.paid', 60));
  await service.app.idle();
  expect(resolved()).toHaveLength(1);
  expect(await service.alert(storm?.alert_id ?? '')).toMatchObject({ state: 'resolved' });
  expect((await service.event('evt_payout.failed_22')).resolved_at).toBeNull();
});

it('a storm takes in what follows until ten quiet minutes have passed, for an hour at most', async () => {
  const { service, wait } = await playing();
  let number = 0;
  const fail = async (times: number): Promise<string> => {
    let id = '';
    for (let n = 0; n < times; n++) {
      id = `evt_${++number}`;
      const body = { created: created + number, data: { object: { id: `po_${number}` } } };
      await service.postStripe(stripeEvent(id, 'payout.failed', body));
    }
    await service.app.idle();
    return String((await service.event(id)).alert_id);
  };
  expect(await fail(25)).toBe('evt_21');
  for (let round = 0; round < 6; round++) {
    await wait(9 * 60_000);
    expect(await fail(1)).toBe('evt_21');
  }
  await wait(9 * 60_000);
  expect(await fail(1)).toBe('evt_32');
  expect(await service.alerts('?limit=100')).toHaveLength(22);
});

it('of sixty payouts that fail at once a few wake somebody, all are told, and another kind still gets through', async () => {
  const { pagerDuty, service, wait } = await playing();
  const storm = Array.from({ length: 60 }, (_, at) => `evt_${at}`);
  for (const id of storm) {
    service.clock.advance(1000);
    await service.postStripe(stripeEvent(id));
  }
  await service.postStripe(
    stripeEvent('evt_lost', 'capability.updated', {
      data: { object: { id: 'card_payments', status: 'inactive' } },
    }),
  );
  await service.app.idle();
  const woken = pagerDuty.incidents().filter(({ key }) => key !== 'evt_lost');
  expect(woken.length).toBeGreaterThan(15);
  expect(woken.length).toBeLessThan(25);
  await wait(5 * 60_000);
  const untold = (await service.events('?limit=100')).filter(({ delivered_to: to }) => !to.includes('pagerduty'));
  expect(untold.map(({ event_id: id }) => id)).toEqual([]);
});
