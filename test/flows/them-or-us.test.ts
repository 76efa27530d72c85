// When payments fail, is it the vendor? One notification says both, and what was sent is not rewritten.
import { expect, it } from 'vitest';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { rulesOf } from '../support/rules.ts';
import { type Service, startService } from '../support/service.ts';
import { component, fakePage, incident, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const rulesWith = (vendorRoute: string) =>
  rulesOf(
    `
version: 1
status_pages: { acme: { url: https://status.acme.test, payments: true } }
destinations: { oncall: { type: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}" } }
rates:
  - { name: declines, over: 15m, above: 20%, at_least: 10, is: critical }
routes:
${vendorRoute}
  - { name: critical wakes somebody, when: { severity: critical }, send: [oncall] }
`,
    { env: { PAGERDUTY_ROUTING_KEY: routingKey }, environment: { routeWarning: false, destinations: [], pages: [] } },
  );

const rules = rulesWith('');
const well = summary({ components: [component('a', 'operational')] });
const outage = summary({
  incidents: [incident('1', { name: 'Elevated errors on Payments', started_at: '2026-03-01T11:58:00.000Z' })],
  components: [component('a', 'operational')],
});

const start = (used = rules) => startService({ STATUS_PAGES: '' }, { rules: used, recoveryIntervalMs: 0 });

let number = 0;
const pay = async (service: Service, type: string, times: number) => {
  for (let n = 0; n < times; n++) {
    number += 1;
    const object = { id: `obj_${number}`, amount: 100, currency: 'eur' };
    const created = Math.floor(service.clock.now() / 1000);
    await service.postStripe(stripeEvent(`evt_them_${number}`, type, { created, data: { object } }));
  }
};
const decline = (service: Service) => pay(service, 'payment_intent.payment_failed', 12);

const alertOf = async (service: Service, id: string) =>
  JSON.parse(await (await service.request(`/alerts/${encodeURIComponent(id)}`)).text());

it('payment failures that rise while the vendor reports trouble join its alert', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start();
  page.serve(well);
  await service.pull();
  page.serve(outage);
  await service.pull();
  await decline(service);
  await service.app.tick();

  const vendor = 'acme_status:incident:1';
  expect(pagerDuty.requests.map(({ dedup_key: key }) => key)).toEqual([vendor, vendor]);
  expect(pagerDuty.requests[1]?.payload.summary).toContain('declines: 100% of 12 payments failed within 15 min');
  const rate = 'stripe:rate:declines:all:2026-03-01T12:00:00.000Z';
  expect(await service.event(rate)).toMatchObject({ alert_id: vendor });

  page.serve(well);
  await service.pull();
  expect(pagerDuty.accepted).toHaveLength(2);
  for (let n = 0; n < 16; n++) {
    service.clock.advance(60_000);
    await service.app.tick();
  }
  expect(pagerDuty.accepted.at(-1)).toBe(`resolve ${vendor}`);
  expect(await service.event(rate)).toMatchObject({ resolved_at: '2026-03-01T12:15:00.000Z' });
});

it('whom only the failures reach is told of the vendor with them', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start(
    rulesOf(
      `
version: 1
status_pages: { acme: { url: https://status.acme.test, payments: true } }
destinations:
  oncall: { type: pagerduty, routing_key: ${routingKey} }
  payments: { type: pagerduty, routing_key: R9999999999abcdef0123456789ABCDE }
rates: [{ name: declines, over: 15m, above: 20%, at_least: 10, is: critical }]
routes:
  - { name: the share, when: { source: stripe, kind: status }, send: [oncall, payments] }
  - { name: the vendor, when: { severity: critical }, send: [oncall] }
`,
      { env: {}, environment: { routeWarning: false, destinations: [], pages: [] } },
    ),
  );
  page.serve(outage);
  await service.pull();
  await decline(service);
  await service.app.tick();

  const [toVendors, toPayments] = [routingKey, 'R9999999999abcdef0123456789ABCDE'].map((key) =>
    pagerDuty.requests.filter((each) => each.routing_key === key).map(({ payload }) => payload.summary),
  );
  expect(toVendors).toEqual([
    'Elevated errors on Payments (Acme)',
    'declines: 100% of 12 payments failed within 15 min (Stripe)',
  ]);
  expect(toPayments).toEqual([
    'declines: 100% of 12 payments failed within 15 min (Stripe). Acme reports: Elevated errors on Payments, since 11:58 UTC.',
  ]);
});

it("a vendor's alert that has lasted for long takes in no failures that begin now", async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start();
  page.serve(outage);
  await service.pull();
  service.clock.advance(7 * 3_600_000);
  await decline(service);
  await service.app.tick();
  const rate = 'stripe:rate:declines:all:2026-03-01T19:00:00.000Z';
  expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1', `trigger ${rate}`]);
  expect(pagerDuty.requests[1]?.payload.summary).toContain(
    'Acme reports: Elevated errors on Payments, since 11:58 UTC.',
  );
});

it('where nobody was told of the vendor, failures that rise are told, and the message says what the vendor reports', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start(rulesWith('  - { name: not told, when: { page: acme }, send: [] }'));
  page.serve(outage);
  await service.pull();
  await decline(service);
  await service.app.tick();

  const rate = 'stripe:rate:declines:all:2026-03-01T12:00:00.000Z';
  expect(pagerDuty.accepted).toEqual([`trigger ${rate}`]);
  expect(pagerDuty.requests[0]?.payload.summary).toContain(
    '. Acme reports: Elevated errors on Payments, since 11:58 UTC.',
  );
  expect(await alertOf(service, rate)).toMatchObject({ related: ['acme_status:incident:1'] });
  expect(await alertOf(service, 'acme_status:incident:1')).toMatchObject({ related: [rate] });
});

it('failures that rise while every vendor is well say so', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start();
  page.serve(well);
  await service.pull();
  await decline(service);
  await service.app.tick();
  expect(pagerDuty.requests[0]?.payload.summary).toContain('. No trouble is reported by Acme.');
});

it('a status page that cannot be read is never called well', async () => {
  const pagerDuty = fakePagerDuty();
  fakePage();
  const service = await start();
  await service.pull();
  await decline(service);
  await service.app.tick();
  const text = pagerDuty.requests[0]?.payload.summary;
  expect(text).toContain('their status pages cannot be read: Acme.');
  expect(text).not.toContain('No trouble');
});

it('a vendor that is told later says that our payments fail, and what was sent is not sent again', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start();
  page.serve(well);
  await service.pull();
  await decline(service);
  await service.app.tick();
  service.clock.advance(10 * 60_000);
  page.serve(outage);
  await service.pull();

  expect(pagerDuty.accepted).toEqual([
    'trigger stripe:rate:declines:all:2026-03-01T12:00:00.000Z',
    'trigger acme_status:incident:1',
  ]);
  expect(pagerDuty.requests[1]?.payload.summary).toContain(
    '. Our own payments fail too: declines: 100% of 12 payments failed within 15 min, since 12:00 UTC.',
  );
});

it('a failed payout is told by itself, and says what the vendor reports', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start();
  page.serve(outage);
  await service.pull();
  await pay(service, 'payout.failed', 1);
  await service.app.idle();
  const payout = `evt_them_${number}`;
  expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1', `trigger ${payout}`]);
  expect(pagerDuty.requests[1]?.payload.summary).toContain('Acme reports: Elevated errors on Payments');
  expect(await alertOf(service, payout)).toMatchObject({ related: ['acme_status:incident:1'] });
});

it('a vendor that is well again by then is named, and the message does not say that it reports trouble', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start();
  page.serve(outage);
  await service.pull();
  service.clock.advance(10 * 60_000);
  page.serve({ ...well, page: { ...well.page, updated_at: '2026-03-01T12:09:00.000Z' } });
  await service.pull();
  await pay(service, 'payout.failed', 1);
  await service.app.idle();

  const payout = `evt_them_${number}`;
  expect(pagerDuty.requests.at(-1)?.payload.summary).not.toContain('Acme reports');
  expect(await alertOf(service, payout)).toMatchObject({ related: ['acme_status:incident:1'] });
  expect(await alertOf(service, 'acme_status:incident:1')).toMatchObject({ state: 'resolved', related: [payout] });
});

it('what starts more than an hour apart has nothing to do with each other', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await start();
  page.serve(outage);
  await service.pull();
  service.clock.advance(63 * 60_000);
  await pay(service, 'payout.failed', 1);
  await service.app.idle();
  expect(pagerDuty.requests[1]?.payload.summary).not.toContain('Acme reports');
  expect(await alertOf(service, `evt_them_${number}`)).toMatchObject({ related: [] });
});

it('without a vendor of payments among the status pages nothing is said of any', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await startService();
  await pay(service, 'payout.failed', 1);
  await service.app.idle();
  expect(pagerDuty.requests[0]?.payload.summary).not.toContain('reports');
});
