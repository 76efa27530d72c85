// A client that opens as many connections as it can, against the real process with few descriptors.
import { request } from 'node:http';
import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../support/http-server.ts';
import { startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { signed, stripeEvent, webhookSecret } from '../support/stripe.ts';

useRealNetwork();

/** A connection with the beginning of a signed post, which `finish` completes. */
const startPost = async (url: string) => {
  const { body, headers } = signed(stripeEvent('evt_1'));
  const text = String(body);
  const post = request(`${url}/ingest/stripe`, {
    method: 'POST',
    headers: { ...Object.fromEntries(new Headers(headers)), 'content-length': text.length },
  });
  const answer = new Promise<number | undefined>((resolve, reject) => {
    post.on('response', (response) => resolve(response.resume().statusCode));
    post.on('error', reject);
  });
  await new Promise<void>((resolve) => post.write(text.slice(0, 10), () => resolve()));
  return { answer, finish: () => post.end(text.slice(10)) };
};

it('connections that fill every descriptor they get leave some for deliveries', async () => {
  const delivered = Promise.withResolvers<unknown>();
  const pagerDuty = await startHttpServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(202).end('{}');
      delivered.resolve('a notification');
    });
  });
  const service = startProcess(
    {
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      PAGERDUTY_ROUTING_KEY: 'R'.repeat(32),
      PAGERDUTY_EVENTS_URL: pagerDuty,
      ROUTE_TEST_MODE: 'true',
    },
    undefined,
    { maxOpenFiles: 256 },
  );
  const url = await service.url();
  const post = await startPost(url);
  const sockets = Array.from({ length: 400 }, () => {
    const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', allowHalfOpen: true });
    socket.on('error', () => undefined);
    socket.write('GET / HTTP/1.1\r\n');
    return socket;
  });
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  expect(await service.line('server.connections_full')).toMatchObject({ level: 'warn', max_connections: 112 });
  post.finish();
  expect(await post.answer).toBe(200);
  expect(await delivered.promise).toBe('a notification');
});
