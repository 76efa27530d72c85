// Every event once, whatever comes at once and whatever breaks on the way.
import { expect, it, vi } from 'vitest';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { accepted, fakePagerDuty, refused } from '../support/pagerduty.ts';
import { startService } from '../support/service.ts';
import { signed, stripeEvent } from '../support/stripe.ts';

it('makes one event and one delivery of fifty identical posts at once, and answers forty-nine as duplicates', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await startService();
  const answers = await Promise.all(Array.from({ length: 50 }, () => service.postStripe(stripeEvent('evt_1'))));
  await service.app.idle();

  expect(answers.filter((answer) => JSON.stringify(answer) === '{"received":true}')).toHaveLength(1);
  expect(answers.filter((answer) => JSON.stringify(answer) === '{"received":true,"deduped":true}')).toHaveLength(49);
  expect(await service.events()).toMatchObject([{ event_id: 'evt_1', seen_count: 50 }]);
  expect(pagerDuty.requests).toHaveLength(1);
});

it('answers a new event while PagerDuty hangs', async () => {
  const pagerDuty = fakePagerDuty();
  const gate = Promise.withResolvers<Response>();
  const asked = Promise.withResolvers<void>();
  pagerDuty.answer = () => {
    asked.resolve();
    return gate.promise;
  };
  const service = await startService({ DELIVERY_CONCURRENCY: '1' });
  for (let at = 0; at < 20; at++) {
    expect(await service.postStripe(stripeEvent(`evt_${at}`))).toEqual({ received: true });
  }
  await asked.promise;
  expect(pagerDuty.requests).toHaveLength(1);
  pagerDuty.answer = accepted;
  gate.resolve(accepted());
  await service.app.idle();
  expect(pagerDuty.accepted).toHaveLength(20);
});

it('delivers three hundred critical events once each when PagerDuty is back', async () => {
  const pagerDuty = fakePagerDuty();
  pagerDuty.answer = () => refused(503, { 'retry-after': '3600' });
  const service = await startService({ PAGERDUTY_PER_MINUTE: '0' }, { recoveryIntervalMs: 5 });
  const ids = Array.from({ length: 300 }, (_, at) => `evt_${at}`);
  // Each of another account, or they would be a storm.
  for (const id of ids) await service.postStripe(stripeEvent(id, 'payout.failed', { account: `acct_${id}` }));
  await service.app.idle();
  // The first refusal pauses the way to it, so that nothing else is refused.
  expect(pagerDuty.requests.length).toBeLessThanOrEqual(8);
  expect(pagerDuty.accepted).toEqual([]);

  pagerDuty.answer = accepted;
  service.clock.advance(3_600_000);
  await vi.waitFor(() => expect(pagerDuty.accepted).toHaveLength(300), 15_000);
  await service.app.idle();
  expect(pagerDuty.accepted.toSorted()).toEqual(ids.map((id) => `trigger ${id}`).toSorted());
  expect(await service.event('evt_0')).toMatchObject({
    deliveries: [{ status: 'delivered', attempts: 2, attempt_log: [{ status_code: 503 }, { status_code: 202 }] }],
  });
});

it('answers 503 when the store throws, so that Stripe sends the event again, and keeps it then', async () => {
  const pagerDuty = fakePagerDuty();
  const memory = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  let isBroken = true;
  const store: EventStore = {
    ...memory,
    transact: (keys, decide) => (isBroken ? Promise.reject(new Error('it broke')) : memory.transact(keys, decide)),
  };
  const service = await startService({}, { store });
  const response = await service.request('/ingest/stripe', signed(stripeEvent('evt_1'), service.clock.now()));
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await response.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
  expect(service.logged.of('event.not_stored')).toMatchObject([
    { level: 'error', event_id: 'evt_1', error: 'it broke' },
  ]);

  isBroken = false;
  expect(await service.postStripe(stripeEvent('evt_1'))).toEqual({ received: true });
  await service.app.idle();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
});

it.each([
  ['with a real PagerDuty', {}, [], 'Not sent: test-mode events reach people only if ROUTE_TEST_MODE=true.'],
  [
    'with a real PagerDuty and ROUTE_TEST_MODE',
    { ROUTE_TEST_MODE: 'true' },
    ['trigger evt_1'],
    'Sent: critical events are always sent.',
  ],
])('handles a test-mode event %s', async (_with, env, calls, reason) => {
  const pagerDuty = fakePagerDuty();
  const service = await startService(env);
  await service.postStripe(stripeEvent('evt_1', 'payout.failed', { livemode: false }));
  await service.app.idle();
  expect(pagerDuty.accepted).toEqual(calls);
  expect((await service.event('evt_1')).routing_reason).toBe(reason);
});

it('what PagerDuty refused is not sent during a silence when it accepts again, but after it', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await startService();
  pagerDuty.answer = () => refused(403);
  await service.postStripe(stripeEvent('evt_refused'));
  await service.app.idle();
  await service.post('/silences', { when: { object_id: 'obj_evt_refused' }, until: '10m', because: 'we know' });
  await service.app.idle();
  service.clock.advance(120_000);
  pagerDuty.answer = accepted;
  await service.postStripe(stripeEvent('evt_accepted'));
  await service.app.idle();
  await service.app.tick();
  const actions = () => pagerDuty.requests.map(({ event_action: action, dedup_key: key }) => `${action} ${key}`);
  expect(actions()).toEqual(['trigger evt_refused', 'trigger evt_accepted']);
  service.clock.advance(480_000);
  await service.app.tick();
  expect(actions()).toEqual(['trigger evt_refused', 'trigger evt_accepted', 'trigger evt_refused']);
});
