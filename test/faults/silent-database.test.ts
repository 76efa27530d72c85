// A connection to the database that goes silent, as behind a firewall that forgot it: nothing is refused, nothing comes.
import { connect, createServer, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../support/http-server.ts';
import { startPostgres } from '../support/postgres.ts';
import { startProcess } from '../support/process.ts';
import { incident, summary } from '../support/status-page.ts';
import { webhookSecret } from '../support/stripe.ts';

/** A way to the database whose connections of now can be silenced; later ones work. */
const startProxy = async (targetPort: number) => {
  const pairs = new Set<readonly [Socket, Socket]>();
  const proxy = createServer((client) => {
    const server = connect(targetPort, '127.0.0.1');
    const pair = [client, server] as const;
    pairs.add(pair);
    client.pipe(server).pipe(client);
    for (const socket of pair) socket.on('error', () => undefined).on('close', () => pairs.delete(pair));
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    proxy.close();
  });
  const address = proxy.address();
  const silence = () => {
    for (const [client, server] of pairs) {
      client.unpipe(server);
      server.unpipe(client);
      client.pause();
      // The database has noticed; were it silent too, it would keep the lock for another minute (`idle_session_timeout`).
      server.destroy();
    }
    pairs.clear();
  };
  return { port: address !== null && typeof address === 'object' ? address.port : 0, silence };
};

it('goes on polling when its connections go silent in the middle of a pull', { timeout: 90_000 }, async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const proxy = await startProxy(Number(new URL(postgres.url).port));
  const url = Object.assign(new URL(postgres.url), { port: String(proxy.port) });
  const resumed = Promise.withResolvers<void>();
  let polls = 0;
  const origin = await startHttpServer((_request, response) => {
    polls += 1;
    // Between the fetch and the store's work on it: the page's lock is held by a connection that goes silent too.
    if (polls === 2) proxy.silence();
    if (polls === 4) resumed.resolve();
    response.end(JSON.stringify(summary({ incidents: [incident('1'), incident('2')] })));
  });
  const service = startProcess({
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    STORE_URL: url.href,
    STATUS_PAGES: `acme=${origin}/`,
    STATUS_POLL_INTERVAL_SECONDS: '1',
  });
  await resumed.promise;
  expect((await fetch(`${await service.url()}/readyz`)).status).toBe(200);
});
