import { expect, it } from 'vitest';
import { fakePagerDuty } from '../support/pagerduty.ts';
import { startService } from '../support/service.ts';
import { component, fakePage, incident, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

it('pages once for a critical Stripe event, however often it is sent', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await startService();

  expect(await service.postStripe(stripeEvent('evt_1'))).toEqual({ received: true });
  expect(await service.postStripe(stripeEvent('evt_1'))).toEqual({ received: true, deduped: true });
  await service.app.idle();

  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
  expect(await service.event('evt_1')).toMatchObject({ seen_count: 2, routed: true, delivered_to: ['pagerduty'] });
});

it('pages for an incident and closes the page when the incident is over', async () => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await startService();

  page.serve(summary({ incidents: [incident('1')], components: [component('a', 'operational')] }));
  expect(await service.pull()).toMatchObject({ fetched: { acme: 2 }, stored: 1, routed: 1 });
  page.serve(summary({ incidents: [], components: [component('a', 'operational')] }));
  expect(await service.pull()).toMatchObject({ fetched: { acme: 1 }, resolved: 1, routed: 0 });

  expect(pagerDuty.accepted).toEqual(['trigger acme_status:incident:1', 'resolve acme_status:incident:1']);
});
