// A rate rule: many declines are one alert that closes by itself, and a single one wakes nobody.
import { expect, it } from 'vitest';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { fakePagerDuty, routingKey } from '../support/pagerduty.ts';
import { rulesOf } from '../support/rules.ts';
import { type Service, startService } from '../support/service.ts';
import { stripeEvent } from '../support/stripe.ts';

const rules = rulesOf(
  `
version: 1
destinations: { oncall: { type: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}" } }
rates:
  - { name: declines, over: 15m, above: 20%, at_least: 10, by: currency, is: critical }
routes:
  - { name: critical wakes somebody, when: { severity: critical }, send: [oncall] }
`,
  {
    env: { PAGERDUTY_ROUTING_KEY: routingKey },
    environment: { routeWarning: false, destinations: [], pages: [{ name: 'acme', variable: null }] },
  },
);

let number = 0;
const pay = async (service: Service, type: 'succeeded' | 'payment_failed', times: number, more: object = {}) => {
  for (let n = 0; n < times; n++) {
    const id = `evt_${++number}`;
    const object = { id: `pi_${number}`, object: 'payment_intent', amount: 100, currency: 'eur' };
    const created = Math.floor(service.clock.now() / 1000);
    await service.postStripe(stripeEvent(id, `payment_intent.${type}`, { created, data: { object }, ...more }));
  }
};

/** Time passes while the service runs. */
const goOn = async ({ clock, app }: Service, minutes: number) => {
  for (let n = 0; n < minutes; n++) {
    clock.advance(60_000);
    await app.tick();
  }
};

const start = (store?: EventStore) => startService({}, { rules, recoveryIntervalMs: 0, ...(store && { store }) });

it('opens one alert when many payments fail, and closes it when they do not', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await start();
  await pay(service, 'succeeded', 8);
  await pay(service, 'payment_failed', 1);
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([]);

  await pay(service, 'payment_failed', 5);
  await service.app.tick();
  await service.app.tick();
  const eventId = 'stripe:rate:declines:eur:2026-03-01T12:00:00.000Z';
  expect(pagerDuty.accepted).toEqual([`trigger ${eventId}`]);
  expect(pagerDuty.requests[0]?.payload.summary).toContain('declines: 43% of 14 payments in EUR failed within 15 min');

  service.clock.advance(16 * 60_000);
  await pay(service, 'succeeded', 20);
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([`trigger ${eventId}`, `resolve ${eventId}`]);
  expect(await service.event(eventId)).toMatchObject({ resolved_at: '2026-03-01T12:16:00.000Z' });
});

it('shows how each rate stands as a metric, from nothing on', async () => {
  fakePagerDuty();
  const service = await start();
  const metrics = async () => (await service.request('/metrics')).text();
  await service.app.tick();
  expect(await metrics()).toContain('rate_values_high{rate="declines"} 0');
  await pay(service, 'payment_failed', 10);
  await service.app.tick();
  expect(await metrics()).toContain('rate_values_high{rate="declines"} 1');
});

it('counts a redelivered payment once', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await start();
  await pay(service, 'succeeded', 9);
  const declined = stripeEvent('evt_again', 'payment_intent.payment_failed', {
    data: { object: { id: 'pi_again', currency: 'eur' } },
  });
  for (let n = 0; n < 20; n++) await service.postStripe(declined);
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([]);
});

it('goes on with its counts after a restart, and ends there what began before', async () => {
  const pagerDuty = fakePagerDuty();
  const store = createMemoryStore({ eventCapacity: 1000, dedupeCapacity: 1000 });
  const before = await start(store);
  await pay(before, 'payment_failed', 9);
  await before.app.tick();
  expect(pagerDuty.accepted).toEqual([]);

  const after = await start(store);
  await pay(after, 'payment_failed', 1);
  await after.app.tick();
  const eventId = 'stripe:rate:declines:eur:2026-03-01T12:00:00.000Z';
  expect(pagerDuty.accepted).toEqual([`trigger ${eventId}`]);

  const last = await start(store);
  await goOn(last, 20);
  expect(pagerDuty.accepted).toEqual([`trigger ${eventId}`, `resolve ${eventId}`]);
});

it('keeps what it has counted when it is stopped', async () => {
  const pagerDuty = fakePagerDuty();
  const store = { ...createMemoryStore({ eventCapacity: 1000, dedupeCapacity: 1000 }), close: async () => undefined };
  const before = await start(store);
  await pay(before, 'payment_failed', 9);
  await before.app.stop();
  const after = await start(store);
  await pay(after, 'payment_failed', 1);
  await after.app.tick();
  expect(pagerDuty.accepted).toEqual(['trigger stripe:rate:declines:eur:2026-03-01T12:00:00.000Z']);
});

it.each([-20, -1, 20])('counts with a replica whose clock differs by %i minutes', async (minutes) => {
  const pagerDuty = fakePagerDuty();
  let nowMs = Date.parse('2026-03-01T12:00:00.000Z');
  const memory = createMemoryStore({ eventCapacity: 1000, dedupeCapacity: 1000 });
  const store = { ...memory, sharedClock: async () => () => nowMs };
  const [one, other] = [await start(store), await start(store)];
  other.clock.advance(minutes * 60_000);
  for (let n = 0; n < 10; n++) {
    await other.app.tick();
    const created = nowMs / 1000;
    await pay(one, 'payment_failed', 1, { created });
    await pay(other, 'payment_failed', 1, { created });
    await one.app.tick();
    one.clock.advance(5000);
    other.clock.advance(5000);
    nowMs += 5000;
  }
  expect(pagerDuty.accepted).toEqual(['trigger stripe:rate:declines:eur:2026-03-01T12:00:25.000Z']);
});

it('calls nothing over because we were away: it waits until it has listened for a whole window', async () => {
  const pagerDuty = fakePagerDuty();
  const store = createMemoryStore({ eventCapacity: 1000, dedupeCapacity: 1000 });
  const before = await start(store);
  await pay(before, 'payment_failed', 10);
  await before.app.tick();
  const eventId = 'stripe:rate:declines:eur:2026-03-01T12:00:00.000Z';

  const after = await start(store);
  after.clock.advance(2 * 3_600_000);
  await after.app.tick();
  await goOn(after, 14);
  expect(pagerDuty.accepted).toEqual([`trigger ${eventId}`]);
  await goOn(after, 2);
  expect(pagerDuty.accepted).toEqual([`trigger ${eventId}`, `resolve ${eventId}`]);
});

it('counts no webhook that comes hours late', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await start();
  const created = Math.floor(service.clock.now() / 1000) - 3600;
  await pay(service, 'payment_failed', 20, { created });
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([]);
});

it('wakes nobody for payments in test mode', async () => {
  const pagerDuty = fakePagerDuty();
  const service = await start();
  await pay(service, 'payment_failed', 20, { livemode: false });
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual([]);
  expect(await service.event('stripe:rate:declines:test:eur:2026-03-01T12:00:00.000Z')).toMatchObject({
    routed: false,
    routing_reason: 'Not sent: test-mode events reach people only if ROUTE_TEST_MODE=true.',
  });
});
