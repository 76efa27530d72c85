// A disk that takes no more: it is said at once, nothing that was answered 200 is lost, and what waits is still sent.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { acknowledged, idsFor, postAll, rememberingPagerDuty, storedIds } from '../support/load.ts';
import { routingKey } from '../support/pagerduty.ts';
import { startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { webhookSecret } from '../support/stripe.ts';

useRealNetwork();

it('refuses what it cannot keep, sends what it has kept, and has all of it after the restart', {
  timeout: 180_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'full-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pagerDuty = await rememberingPagerDuty();
  pagerDuty.isDown = true;
  const env = {
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    PAGERDUTY_PER_MINUTE: '0',
    DELIVERY_RETRY_MIN_MS: '20',
    DELIVERY_RETRY_MAX_MS: '200',
    // A busy machine answers late: what is given up is sent again.
    DELIVERY_TIMEOUT_MS: '3000',
    STORE_URL: `sqlite:${join(folder, 'events.db')}`,
  };
  const service = startProcess(env, undefined, { maxFileKib: 700 });
  const url = await service.url();
  await service.line('server.ready');
  const posts = await postAll([url], idsFor('full', 400));
  expect(new Set(posts.map(({ status }) => status))).toEqual(new Set([200, 503]));
  const ids = acknowledged(posts);
  await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503), 10_000);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  pagerDuty.isDown = false;
  await pagerDuty.all(ids.map((id) => `trigger ${id}`));
  expect((await storedIds(url)).toSorted()).toEqual([...ids].toSorted());
  service.child.kill('SIGKILL');
  await service.exit;

  const roomy = startProcess(env);
  const again = await roomy.url();
  await roomy.line('server.ready');
  expect((await storedIds(again)).toSorted()).toEqual([...ids].toSorted());
  const retried = posts.filter(({ status }) => status !== 200).map(({ id }) => id);
  expect(acknowledged(await postAll([again], retried))).toHaveLength(retried.length);
  await pagerDuty.all(retried.map((id) => `trigger ${id}`));
});
