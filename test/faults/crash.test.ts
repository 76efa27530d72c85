// kill -9 in the middle of a load, again and again: what was acknowledged is there, once, and was paged.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeDatabaseFolder } from '../support/database-folder.ts';
import {
  acknowledged,
  idsFor,
  postAll,
  type RememberingPagerDuty,
  rememberingPagerDuty,
  storedIds,
} from '../support/load.ts';
import { routingKey } from '../support/pagerduty.ts';
import { startPostgres } from '../support/postgres.ts';
import { startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { signed, stripeEvent, webhookSecret } from '../support/stripe.ts';

useRealNetwork();

/** How often; more with FAULT_ROUNDS. */
const rounds = Number(process.env.FAULT_ROUNDS ?? 3);
const timeout = 180_000 + rounds * 20_000;
const postsPerRound = 120;

const environment = (storeUrl: string, pagerDuty: RememberingPagerDuty) => ({
  STRIPE_WEBHOOK_SECRET: webhookSecret,
  PAGERDUTY_ROUTING_KEY: routingKey,
  PAGERDUTY_EVENTS_URL: pagerDuty.url,
  STORE_URL: storeUrl,
  PAGERDUTY_PER_MINUTE: '0',
  DELIVERY_RETRY_MIN_MS: '20',
  DELIVERY_RETRY_MAX_MS: '200',
  // The lease of an attempt that died with its process runs out 8 s after this.
  DELIVERY_TIMEOUT_MS: '300',
  LOG_LEVEL: 'info',
});
type Env = ReturnType<typeof environment>;

/** Posts new events until so many are acknowledged, and kills the process in the middle of the others. */
const killUnderLoad = async (env: Env, round: number): Promise<readonly string[]> => {
  const service = startProcess(env);
  const url = await service.url();
  const killAfter = Math.floor(Math.random() * postsPerRound * 0.8);
  let answered = 0;
  const posts = await postAll([url], idsFor(`r${round}`, postsPerRound), {
    onAnswer: () => {
      if (answered++ === killAfter) service.child.kill('SIGKILL');
    },
  });
  service.child.kill('SIGKILL');
  await service.exit;
  return acknowledged(posts);
};

const expectNothingLost = async (env: Env, pagerDuty: RememberingPagerDuty, ids: readonly string[]): Promise<void> => {
  const service = startProcess(env);
  const url = await service.url();
  const stored = await storedIds(url);
  expect(new Set(stored).size).toBe(stored.length);
  expect(ids.filter((id) => !stored.includes(id))).toEqual([]);

  await pagerDuty.all(stored.map((id) => `trigger ${id}`));
  const again = await postAll([url], ids);
  expect(again.filter(({ body }) => body !== '{"received":true,"deduped":true}')).toEqual([]);
  expect([...pagerDuty.accepted.keys()].filter((call) => !stored.includes(call.replace('trigger ', '')))).toEqual([]);
};

const crashAgainAndAgain = async (storeUrl: string): Promise<void> => {
  const pagerDuty = await rememberingPagerDuty();
  const env = environment(storeUrl, pagerDuty);
  const ids: string[] = [];
  for (let round = 0; round < rounds; round++) {
    pagerDuty.isDown = round % 2 === 1;
    ids.push(...(await killUnderLoad(env, round)));
  }
  pagerDuty.isDown = false;
  expect(ids.length).toBeGreaterThan(0);
  await expectNothingLost(env, pagerDuty, ids);
};

it('loses nothing acknowledged to kill -9 on SQLite, and pages for all of it', { timeout }, async () => {
  const folder = makeDatabaseFolder('crash');
  onTestFinished(() => rm(folder, { recursive: true }));
  await crashAgainAndAgain(`sqlite:${join(folder, 'events.db')}`);
});

it('loses nothing acknowledged to kill -9 on PostgreSQL, and pages for all of it', { timeout }, async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  await crashAgainAndAgain(postgres.url);
});

it('leaves the deliveries of a replica that dies to the other one', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const pagerDuty = await rememberingPagerDuty();
  const env = environment(postgres.url, pagerDuty);
  const [doomed, survivor] = [startProcess(env), startProcess(env)];
  const urls = [await doomed.url(), await survivor.url()];
  pagerDuty.isDown = true;
  const first = await postAll(urls, idsFor('both', 200));
  expect(acknowledged(first)).toHaveLength(200);

  let answered = 0;
  const second = await postAll(urls, idsFor('kill', 200), {
    onAnswer: () => {
      if (answered++ === 60) doomed.child.kill('SIGKILL');
    },
  });
  pagerDuty.isDown = false;
  const ids = [...acknowledged(first), ...acknowledged(second)];
  await pagerDuty.all(ids.map((id) => `trigger ${id}`));
  await expectNothingLost(env, pagerDuty, ids);
});

it('answers one of two replicas that get the same event at once without "deduped"', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const pagerDuty = await rememberingPagerDuty();
  // Nobody dies here, and a busy machine answers late: what is given up is sent again.
  const env = { ...environment(postgres.url, pagerDuty), DELIVERY_TIMEOUT_MS: '30000' };
  const replicas = [startProcess(env), startProcess(env)];
  const urls = await Promise.all(replicas.map((replica) => replica.url()));
  const ids = idsFor('same', 40);
  const posts = (await Promise.all(urls.map((url) => postAll([url], ids)))).flat();
  const fresh = posts.filter(({ body }) => body === '{"received":true}').map(({ id }) => id);
  expect(fresh.toSorted()).toEqual([...ids].toSorted());
  expect(posts.filter(({ body }) => body === '{"received":true,"deduped":true}')).toHaveLength(40);
  await pagerDuty.all(ids.map((id) => `trigger ${id}`));
  expect([...pagerDuty.accepted.values()].every((times) => times === 1)).toBe(true);
});

it('answers 503 while the database is away, and goes on by itself when it is back', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const pagerDuty = await rememberingPagerDuty();
  const service = startProcess(environment(postgres.url, pagerDuty));
  const url = await service.url();
  let answered = 0;
  const killed = Promise.withResolvers<void>();
  const posts = await postAll([url], idsFor('away', 200), {
    onAnswer: () => {
      if (answered++ === 60) void postgres.kill().then(killed.resolve);
    },
  });
  await killed.promise;
  expect(new Set(posts.map(({ status }) => status))).toEqual(new Set([200, 503]));
  expect((await fetch(`${url}/readyz`)).status).toBe(503);

  await postgres.start();
  const retried = await postAll(
    [url],
    posts.filter(({ status }) => status === 503).map(({ id }) => id),
  );
  expect(retried.filter(({ status }) => status !== 200)).toEqual([]);
  const stored = await storedIds(url);
  expect(stored.toSorted()).toEqual([...idsFor('away', 200)].toSorted());
  await pagerDuty.all(stored.map((id) => `trigger ${id}`));
});

it('waits for a database that is away when it starts', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  await postgres.stop();
  const pagerDuty = await rememberingPagerDuty();
  const service = startProcess(environment(postgres.url, pagerDuty));
  const url = await service.url();
  await service.line('recovery.failed');
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(503);
  const refused = await fetch(`${url}/ingest/stripe`, signed(stripeEvent('evt_early')));
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);

  await postgres.start();
  await service.line('server.ready');
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect(acknowledged(await postAll([url], ['evt_early']))).toEqual(['evt_early']);
  await pagerDuty.all(['trigger evt_early']);
});
