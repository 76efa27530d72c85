// SIGTERM under load: no acknowledged event is lost, no request is cut off, and what is owed is left in the store.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { acknowledged, idsFor, postAll, rememberingPagerDuty, storedIds } from '../support/load.ts';
import { routingKey } from '../support/pagerduty.ts';
import { startProcess } from '../support/process.ts';
import { webhookSecret } from '../support/stripe.ts';

it('ends under load with 0, and leaves everything to the next start', { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shutdown-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pagerDuty = await rememberingPagerDuty();
  const env = {
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    PAGERDUTY_PER_MINUTE: '0',
    STORE_URL: `sqlite:${join(folder, 'events.db')}`,
  };
  pagerDuty.isDown = true;
  const first = startProcess(env);
  let answered = 0;
  const posts = await postAll([await first.url()], idsFor('stop', 400), {
    onAnswer: () => {
      if (answered++ === 100) first.child.kill('SIGTERM');
    },
  });
  expect((await first.exit).code).toBe(0);
  // A request was either answered, or never taken: nothing was accepted and then cut off or refused.
  expect(new Set(posts.map(({ status }) => status))).toEqual(new Set([200, undefined]));
  const ids = acknowledged(posts);

  pagerDuty.isDown = false;
  const second = startProcess(env);
  const url = await second.url();
  expect((await storedIds(url)).toSorted()).toEqual([...ids].toSorted());
  await pagerDuty.all(ids.map((id) => `trigger ${id}`));
});
