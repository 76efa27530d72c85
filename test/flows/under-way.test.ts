// What is under way is left alone, is recorded before the store is closed, and leaves nothing behind.
import { expect, it } from 'vitest';
import type { EventStore } from '../../src/stores/event-store.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { readLive } from '../support/live.ts';
import { scrape } from '../support/metrics.ts';
import { accepted, type FakePagerDuty, refused } from '../support/pagerduty.ts';
import { playing } from '../support/playing.ts';
import { startService } from '../support/service.ts';
import { stripeEvent } from '../support/stripe.ts';

const memory = () => createMemoryStore({ eventCapacity: 100, dedupeCapacity: 100 });

/** Holds the next attempt until `release`; `asked` tells that it has arrived. */
const hold = (pagerDuty: FakePagerDuty) => {
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<Response>();
  pagerDuty.answer = () => {
    asked.resolve();
    return gate.promise;
  };
  const release = () => {
    pagerDuty.answer = accepted;
    gate.resolve(accepted());
  };
  return { asked: asked.promise, release };
};

it('looking for what is due leaves alone what is being sent, here and in another replica', async () => {
  const store = memory();
  const { pagerDuty, service } = await playing({}, { store });
  const other = await startService({}, { store, recoveryIntervalMs: 0 });
  const attempt = hold(pagerDuty);
  await service.postStripe(stripeEvent('evt_1'));
  await attempt.asked;
  const looked = [service.app.tick(), other.app.tick()];
  await other.app.tick();
  expect(pagerDuty.requests).toHaveLength(1);
  attempt.release();
  await Promise.all(looked);
  await service.app.tick();
  await other.app.tick();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
});

it('what waits in memory for a slot is not taken from the store a second time', async () => {
  const { pagerDuty, service } = await playing({ DELIVERY_CONCURRENCY: '1' });
  const attempt = hold(pagerDuty);
  for (const id of ['evt_1', 'evt_2', 'evt_3']) await service.postStripe(stripeEvent(id));
  await attempt.asked;
  const looked = [service.app.tick(), service.app.tick(), service.app.tick()];
  attempt.release();
  await Promise.all(looked);
  await service.app.idle();
  expect(pagerDuty.requests.map(({ dedup_key: key }) => key)).toEqual(['evt_1', 'evt_2', 'evt_3']);
});

it('an event that was decided a moment ago is not decided again by looking for what is due', async () => {
  const { service } = await playing();
  await service.postStripe(stripeEvent('evt_1'));
  await service.app.tick();
  await service.app.tick();
  const event = await service.event('evt_1');
  expect(event.history.map(({ change }) => change)).toEqual(['stored', 'routing_decided', 'opened', 'delivered']);
});

it('says at once that it drains, and ends the streams', async () => {
  const { service } = await playing();
  const stream = await service.request('/events/stream');
  if (!stream.body) throw new Error('no stream');
  const live = readLive(stream.body);
  expect((await service.request('/readyz')).status).toBe(200);
  service.app.drain();
  const ready = await service.request('/readyz');
  expect([ready.status, await ready.json()]).toMatchObject([503, { checks: { accepting: { ok: false } } }]);
  for (;;) if ((await live.next()) === undefined) break;
});

it('records the attempt in flight before the store is closed, and sends nothing twice after a restart', async () => {
  const store = memory();
  const steps: string[] = [];
  let isClosed = false;
  const watched: EventStore = {
    ...store,
    async transact(keys, decide) {
      if (isClosed) throw new Error('the store is closed');
      return store.transact(keys, decide);
    },
    async close() {
      isClosed = true;
      steps.push('the store is closed');
    },
  };
  const { pagerDuty, service } = await playing({ DELIVERY_CONCURRENCY: '1' }, { store: watched });
  const attempt = hold(pagerDuty);
  await service.postStripe(stripeEvent('evt_1'));
  await service.postStripe(stripeEvent('evt_2'));
  await attempt.asked;
  service.app.drain();
  const stopped = service.app.stop().then(() => steps.push('the service has stopped'));
  await service.request('/healthz');
  expect(steps).toEqual([]);
  attempt.release();
  await stopped;
  expect(steps).toEqual(['the store is closed', 'the service has stopped']);
  expect((await store.readEvent('evt_1'))?.deliveries).toMatchObject([{ status: 'delivered', attempts: 1 }]);
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);

  const next = await startService({}, { store, recoveryIntervalMs: 0 });
  await next.app.tick();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1', 'trigger evt_2']);
});

it('an attempt in flight that fails while it stops is made again by the next process', async () => {
  const store = memory();
  const { pagerDuty, service } = await playing({}, { store });
  const asked = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<Response>();
  pagerDuty.answer = () => {
    asked.resolve();
    return gate.promise;
  };
  await service.postStripe(stripeEvent('evt_1'));
  await asked.promise;
  const stopped = service.app.stop();
  gate.resolve(refused(503));
  await stopped;
  pagerDuty.answer = accepted;
  const next = await startService({}, { store, recoveryIntervalMs: 0 });
  next.clock.advance(60_000);
  await next.app.tick();
  expect(pagerDuty.accepted).toEqual(['trigger evt_1']);
});

it('leaves no waiter, timer or delivery behind after ten thousand webhooks', async () => {
  const { service, pagerDuty } = await playing({ LOG_LEVEL: 'silent' });
  const resources = () => process.getActiveResourcesInfo().length;
  const send = async (from: number, count: number, type: string) => {
    for (let at = from; at < from + count; at += 50)
      await Promise.all(Array.from({ length: 50 }, (_, n) => service.postStripe(stripeEvent(`evt_${at + n}`, type))));
    await service.app.tick();
  };
  await send(0, 100, 'charge.succeeded');
  const before = resources();
  await send(100, 9_800, 'charge.succeeded');
  // The same event again, one that is refused, and one that is told.
  await send(100, 50, 'charge.succeeded');
  for (let at = 0; at < 50; at++) await service.request('/ingest/stripe', { method: 'POST', body: '{}' });
  await service.postStripe(stripeEvent('evt_told'));
  await service.app.tick();
  expect(pagerDuty.accepted).toEqual(['trigger evt_told']);
  // The runner has some of its own for a moment, and the poll has its timer.
  await expect.poll(resources).toBeLessThanOrEqual(before + 1);
  const { of } = await scrape(service.request);
  for (const name of ['signals_waiting', 'deliveries_in_hand', 'stages_in_flight']) expect(of(name), name).toBe(0);
});
