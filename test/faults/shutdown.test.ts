// SIGTERM under load: no acknowledged event is lost, no request is cut off, and what is owed is left in the store.
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeDatabaseFolder } from '../support/database-folder.ts';
import { readLive } from '../support/live.ts';
import { acknowledged, idsFor, postAll, rememberingPagerDuty, storedIds } from '../support/load.ts';
import { routingKey } from '../support/pagerduty.ts';
import { startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { webhookSecret } from '../support/stripe.ts';

useRealNetwork();

it('ends under load with 0, and leaves everything to the next start', async () => {
  const folder = makeDatabaseFolder('shutdown');
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

/** A question whose last line is still to come, so that its connection is not idle; `finish` gives the answer's status. */
const beginQuestion = async (url: string, path: string) => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n`, () => resolve()));
  // It has arrived once a later question is answered.
  await fetch(`${url}/healthz`);
  return {
    async finish() {
      socket.write('Connection: close\r\n\r\n');
      await ended;
      return Number(text.split(' ')[1]);
    },
  };
};

it('says at once that it is not ready, ends the live streams, and then ends with 0', { timeout: 30_000 }, async () => {
  const service = startProcess({ STRIPE_WEBHOOK_SECRET: webhookSecret, SHUTDOWN_GRACE_SECONDS: '20' });
  const url = await service.url();
  await service.line('server.ready');
  const { body } = await fetch(`${url}/events/stream`);
  if (!body) throw new Error('no stream');
  const live = readLive(body);
  await live.next();
  const question = await beginQuestion(url, '/readyz');
  service.child.kill('SIGTERM');
  await service.line('server.stopping');
  expect(await question.finish()).toBe(503);
  while ((await live.next()) !== undefined);
  const { code, stdout } = await service.exit;
  expect(code).toBe(0);
  expect(stdout).not.toContain('server.stopped_late');
});

it('records what is in flight before it ends, and the next start sends only the rest', async () => {
  const folder = makeDatabaseFolder('shutdown');
  onTestFinished(() => rm(folder, { recursive: true }));
  const pagerDuty = await rememberingPagerDuty();
  const env = {
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
    PAGERDUTY_PER_MINUTE: '0',
    DELIVERY_CONCURRENCY: '1',
    STORE_URL: `sqlite:${join(folder, 'events.db')}`,
  };
  const released = Promise.withResolvers<void>();
  const arrived = pagerDuty.holdUntil(released.promise);
  const first = startProcess(env);
  const url = await first.url();
  const ids = idsFor('flight', 5);
  await postAll([url], ids);
  await arrived;
  first.child.kill('SIGTERM');
  await first.line('server.stopping');
  released.resolve();
  const { code, stdout } = await first.exit;
  expect(code).toBe(0);
  expect(stdout.match(/"msg":"delivery.attempted"/g)).toHaveLength(pagerDuty.accepted.size);

  startProcess(env);
  await pagerDuty.all(ids.map((id) => `trigger ${id}`));
  expect([...pagerDuty.accepted.values()]).toEqual([1, 1, 1, 1, 1]);
});
