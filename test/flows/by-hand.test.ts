// What somebody resolves by hand stays resolved while its vendor goes on as before, and is news again when it is worse,
// or begins anew.
import { HttpResponse } from 'msw';
import { expect, it } from 'vitest';
import { accepted, fakePagerDuty, refused } from '../support/pagerduty.ts';
import { type EventView, startService } from '../support/service.ts';
import { component, fakePage, incident, type SummaryParts, summary } from '../support/status-page.ts';
import { stripeEvent } from '../support/stripe.ts';

const incidentId = 'acme_status:incident:1';
const componentId = 'acme_status:component:a:2026-03-01T11:30:00.000Z';

const playing = async (env: Readonly<Record<string, string>> = {}) => {
  const pagerDuty = fakePagerDuty();
  const page = fakePage();
  const service = await startService(env);
  const pull = () => {
    service.clock.advance(60_000);
    return service.pull();
  };
  const poll = (parts: SummaryParts) => {
    page.serve(summary(parts));
    return pull();
  };
  /** A second later, so that what it changes stands behind the rest in the history. */
  const resolve = (eventId: string, note?: string) => {
    service.clock.advance(1000);
    return service.resolve(eventId, note);
  };
  return { pagerDuty, page, service, pull, poll, resolve };
};

const changesOf = ({ history }: EventView): readonly string[] =>
  history.map(({ change }) => change).filter((change) => change !== 'routing_decided');
const nothingNew = { stored: 0, updated: 0, resolved: 0, routed: 0, errors: {} };

it('an incident that is listed on, poll after poll, is neither opened nor paged again', async () => {
  const { pagerDuty, service, pull, poll, resolve } = await playing();
  await poll({ incidents: [incident('1')] });
  expect(await resolve(incidentId, 'We have switched to the other region.')).toMatchObject({ resolved: true });
  for (let round = 0; round < 3; round++) expect(await pull()).toMatchObject({ ...nothingNew, duplicates: 1 });
  const news = incident('1', { name: 'Still looking', updated_at: '2026-03-01T12:00:00Z' });
  expect(await poll({ incidents: [news] })).toMatchObject({ ...nothingNew, duplicates: 0 });

  const event = await service.event(incidentId);
  expect(event).toMatchObject({ summary: 'Still looking', resolved_at: '2026-03-01T12:01:01.000Z', seen_count: 5 });
  expect(changesOf(event)).toEqual(['stored', 'opened', 'delivered', 'resolved', 'delivered', 'updated']);
  expect(event.history.find(({ change }) => change === 'resolved')?.reason).toBe(
    'resolved manually: We have switched to the other region.',
  );
  expect(await service.events('?state=open')).toEqual([]);
  expect(pagerDuty.accepted).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('what flaps is resolved by hand at once, without the wait that the word of its vendor has', async () => {
  const { pagerDuty, service, poll, resolve } = await playing();
  for (let round = 0; round < 2; round++) {
    await poll({ incidents: [incident('1')] });
    await poll({});
  }
  await poll({ incidents: [incident('1')] });
  await poll({});
  expect(await service.alert(incidentId)).toMatchObject({ state: 'open', open_event_count: 0 });
  await poll({ incidents: [incident('1')] });
  await resolve(incidentId);
  expect(await service.alert(incidentId)).toMatchObject({ state: 'resolved' });
  expect(pagerDuty.accepted.slice(-2)).toEqual([`trigger ${incidentId}`, `resolve ${incidentId}`]);
});

it('an incident that becomes worse than it was when it was resolved by hand is opened and paged again', async () => {
  const { pagerDuty, service, poll, resolve } = await playing({ ROUTE_WARNING: 'true' });
  await poll({ incidents: [incident('1', { impact: 'minor' })] });
  await resolve(incidentId);
  expect(await poll({ incidents: [incident('1', { impact: 'critical' })] })).toMatchObject({ updated: 1, routed: 1 });

  const event = await service.event(incidentId);
  expect(event).toMatchObject({ resolved_at: null, severity: 'critical' });
  expect(changesOf(event)).toEqual([
    ...['stored', 'opened', 'delivered', 'resolved', 'delivered', 'reopened', 'reopened', 'delivered'],
  ]);
  expect(pagerDuty.accepted).toEqual(['trigger', 'resolve', 'trigger'].map((action) => `${action} ${incidentId}`));
});

it.each<[string, SummaryParts]>([
  ['drops', {}],
  ['calls over', { incidents: [incident('1', { status: 'resolved', updated_at: '2026-03-01T12:00:00Z' })] }],
])('an incident that the vendor %s after it was resolved by hand is news when it is listed again', async (_, end) => {
  const { pagerDuty, service, poll, resolve } = await playing();
  await poll({ incidents: [incident('1')] });
  await resolve(incidentId);
  expect(await poll(end)).toMatchObject(nothingNew);
  const again = incident('1', { updated_at: '2026-03-01T13:00:00Z' });
  expect(await poll({ incidents: [again] })).toMatchObject({ updated: 1, routed: 1 });
  expect(changesOf(await service.event(incidentId))).toEqual([
    ...['stored', 'opened', 'delivered', 'resolved', 'delivered', 'updated', 'reopened', 'reopened', 'delivered'],
  ]);
  expect(pagerDuty.accepted).toEqual(['trigger', 'resolve', 'trigger'].map((action) => `${action} ${incidentId}`));
});

it('a component that goes on failing in another way is the outage that was resolved by hand; the next one is new', async () => {
  const { pagerDuty, service, poll, resolve } = await playing();
  const at = (time: string) => ({ updated_at: `2026-03-01T${time}Z` });
  await poll({ components: [component('a', 'partial_outage')] });
  await resolve(componentId);
  expect(await poll({ components: [component('a', 'major_outage', at('12:02:00'))] })).toMatchObject(nothingNew);
  expect(await poll({ components: [component('a', 'operational', at('12:03:00'))] })).toMatchObject(nothingNew);
  expect(pagerDuty.accepted).toEqual([`trigger ${componentId}`, `resolve ${componentId}`]);

  const next = await poll({ components: [component('a', 'partial_outage', at('12:04:00'))] });
  expect(next).toMatchObject({ stored: 1, routed: 1 });
  expect(await service.events('?state=open')).toMatchObject([
    { event_id: 'acme_status:component:a:2026-03-01T12:04:00.000Z' },
  ]);
});

it('a component that was resolved by hand while it was only slow is opened again when it is down', async () => {
  const { pagerDuty, poll, resolve } = await playing();
  await poll({ components: [component('a', 'degraded_performance')] });
  await resolve(componentId);
  const down = component('a', 'major_outage', { updated_at: '2026-03-01T12:02:00Z' });
  expect(await poll({ components: [down] })).toMatchObject({ updated: 1, stored: 0, routed: 1 });
  expect(pagerDuty.accepted).toEqual([`trigger ${componentId}`]);
});

it('a page whose blindness was resolved by hand is quiet until it could be read and is blind anew', async () => {
  const { service, page, pull, poll, resolve } = await playing({ STATUS_STALE_AFTER_SECONDS: '90' });
  const fail = () => page.serve(() => new HttpResponse(null, { status: 500 }));
  const blind = async () => (await service.events('?state=open')).map(({ event_id: id }) => id);
  fail();
  for (let round = 0; round < 3; round++) await pull();
  const [first = ''] = await blind();
  await resolve(first);
  page.serve(() => new HttpResponse(null, { status: 503 }));
  await pull();
  expect(await blind()).toEqual([]);

  await poll({});
  fail();
  for (let round = 0; round < 3; round++) await pull();
  expect(await blind()).toEqual([expect.not.stringMatching(first)]);
});

it('a payment, which has no other end, has its page closed, and stays closed when it is sent again', async () => {
  const { pagerDuty, service, resolve } = await playing();
  await service.postStripe(stripeEvent('evt_1'));
  await service.app.idle();
  expect(await resolve('evt_1', 'The bank has it.')).toMatchObject({ resolved: true });
  expect(await resolve('evt_1', 'Again')).toMatchObject({ resolved: false });
  expect(await service.postStripe(stripeEvent('evt_1'))).toEqual({ received: true, deduped: true });
  await service.app.idle();
  expect(changesOf(await service.event('evt_1'))).toEqual(['stored', 'opened', 'delivered', 'resolved', 'delivered']);
  expect(pagerDuty.accepted).toEqual(['trigger evt_1', 'resolve evt_1']);
});

it('a page that is being sent while its event is resolved by hand is awaited, and closed', async () => {
  const { pagerDuty, service } = await playing();
  const inFlight = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<Response>();
  pagerDuty.answer = () => {
    inFlight.resolve();
    return answered.promise;
  };
  await service.postStripe(stripeEvent('evt_1'));
  await inFlight.promise;
  expect((await service.post('/events/evt_1/resolve')).body).toMatchObject({
    resolved: true,
    event: {
      deliveries: [
        { action: 'trigger', status: 'pending' },
        { action: 'resolve', status: 'pending' },
      ],
    },
  });
  pagerDuty.answer = accepted;
  answered.resolve(accepted());
  await service.app.idle();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1', 'resolve evt_1']);
});

it('a page that was not accepted by then is called off, and neither it nor its end is sent', async () => {
  const { pagerDuty, service, resolve } = await playing();
  pagerDuty.answer = () => refused(503);
  await service.postStripe(stripeEvent('evt_1'));
  await service.app.idle();
  pagerDuty.answer = accepted;
  const { event } = await resolve('evt_1');
  expect(event).toMatchObject({ deliveries: [{ status: 'superseded' }, { status: 'superseded' }] });
  expect(pagerDuty.accepted).toEqual([]);
});

it('a page that a dead PagerDuty refused is sent when it is retried, and the event tells the whole story', async () => {
  const { pagerDuty, service } = await playing();
  pagerDuty.answer = () => refused(403);
  await service.postStripe(stripeEvent('evt_1'));
  await service.app.idle();
  pagerDuty.answer = accepted;
  const { deliveries } = await service.event('evt_1');
  const retry = () => service.post(`/deliveries/${deliveries[0]?.id}/retry`);
  const both = await Promise.all([retry(), retry()]);
  expect(both.map(({ body }) => body.retried).toSorted()).toEqual([false, true]);
  await service.app.idle();
  expect(await retry()).toMatchObject({ status: 200, body: { retried: false, delivery: { status: 'delivered' } } });

  expect(pagerDuty.requests).toHaveLength(2);
  const event = await service.event('evt_1');
  expect(changesOf(event)).toEqual(['stored', 'opened', 'delivery_failed', 'delivery_retried', 'delivered']);
  expect(event.deliveries).toMatchObject([{ status: 'delivered', attempts: 2, attempt_log: [{}, {}] }]);
});
