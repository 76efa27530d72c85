// A service that was away, with real processes: what it missed is fetched, told and stored once, whoever is killed
// meanwhile.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeDatabaseFolder } from '../support/database-folder.ts';
import { startHttpServer } from '../support/http-server.ts';
import { type RememberingPagerDuty, rememberingPagerDuty, storedIds } from '../support/load.ts';
import { routingKey } from '../support/pagerduty.ts';
import { startPostgres } from '../support/postgres.ts';
import { startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { signed, stripeEvent, webhookSecret } from '../support/stripe.ts';

useRealNetwork();

const eventCount = 40;
const pageSize = 10;

const payout = (id: string, secondsAgo: number) =>
  stripeEvent(id, 'payout.failed', {
    created: Math.floor(Date.now() / 1000) - secondsAgo,
    livemode: true,
    data: { object: { id: `po_${id}`, object: 'payout', amount: 100, currency: 'eur' } },
  });

/** Stripe's list of events. It holds back every page but the first until it is told to go on. */
const startList = async () => {
  const events = Array.from({ length: eventCount }, (_, n) => payout(`evt_${n}`, 60 + n));
  const gate = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  const url = await startHttpServer(async (request, response) => {
    const after = new URL(request.url ?? '/', 'http://list.test').searchParams.get('starting_after');
    if (after !== null) {
      second.resolve();
      await gate.promise;
    }
    const begin = events.findIndex(({ id }) => id === after) + 1;
    const data = events.slice(begin, begin + pageSize);
    response.end(JSON.stringify({ object: 'list', data, has_more: begin + pageSize < eventCount }));
  });
  return { url, events, isInTheMiddle: second.promise, goOn: gate.resolve };
};

const environment = (storeUrl: string, listUrl: string, pagerDuty: RememberingPagerDuty) => ({
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  STRIPE_API_KEY: 'rk_test_only_a_test',
  STRIPE_API_URL: listUrl,
  PAGERDUTY_ROUTING_KEY: routingKey,
  PAGERDUTY_EVENTS_URL: pagerDuty.url,
  PAGERDUTY_PER_MINUTE: '0',
  DELIVERY_TIMEOUT_MS: '1000',
  STORE_URL: storeUrl,
});
type Env = ReturnType<typeof environment>;

const post = async (url: string, event: ReturnType<typeof payout>): Promise<number> =>
  (await fetch(`${url}/ingest/stripe`, { method: 'POST', ...signed(event, Date.now()) })).status;

/**
 * The service before it was away: it has seen one event. It had no list to ask, for the lease that it would leave behind keeps
 * the next one waiting.
 */
const seeOne = async ({ STRIPE_API_KEY: _, ...env }: Env, pagerDuty: RememberingPagerDuty): Promise<void> => {
  const service = startProcess(env);
  expect(await post(await service.url(), payout('evt_before', 200))).toBe(200);
  await pagerDuty.all(['trigger evt_before']);
  service.child.kill('SIGKILL');
  await service.exit;
};

const expectAllOnce = async (url: string, pagerDuty: RememberingPagerDuty): Promise<void> => {
  const expected = ['evt_before', ...Array.from({ length: eventCount }, (_, n) => `evt_${n}`)];
  expect((await storedIds(url)).toSorted()).toEqual(expected.toSorted());
  expect([...pagerDuty.incidents.values()].filter(({ opened }) => opened > 1)).toEqual([]);
};

it('is killed while it fetches, and while it tells what it fetched: all is there, once', async () => {
  const folder = makeDatabaseFolder('away');
  onTestFinished(() => rm(folder, { recursive: true }));
  const pagerDuty = await rememberingPagerDuty();
  const list = await startList();
  const env = environment(`sqlite:${join(folder, 'events.db')}`, list.url, pagerDuty);
  await seeOne(env, pagerDuty);

  const fetching = startProcess(env);
  await fetching.url();
  await list.isInTheMiddle;
  fetching.child.kill('SIGKILL');
  await fetching.exit;

  list.goOn();
  const telling = startProcess(env);
  await telling.url();
  await pagerDuty.until(() => pagerDuty.incidents.size >= 6);
  telling.child.kill('SIGKILL');
  await telling.exit;

  const last = startProcess(env);
  const url = await last.url();
  // Stripe sends one of them again meanwhile.
  expect(await post(url, payout('evt_5', 65))).toBe(200);
  await last.line('backfill.done');
  await expectAllOnce(url, pagerDuty);
});

it('leaves what is missing to another replica when the one that fetches dies', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const pagerDuty = await rememberingPagerDuty();
  const list = await startList();
  const env = environment(postgres.url, list.url, pagerDuty);
  await seeOne(env, pagerDuty);

  const doomed = startProcess(env);
  await doomed.url();
  await list.isInTheMiddle;
  const survivor = startProcess(env);
  const url = await survivor.url();
  doomed.child.kill('SIGKILL');
  list.goOn();
  await survivor.line('backfill.done');
  await expectAllOnce(url, pagerDuty);
});
