// A connection to the database that goes silent, as behind a firewall that forgot it: nothing is refused, nothing comes.
import { expect, it, onTestFinished } from 'vitest';
import { startDatabaseProxy } from '../support/database-proxy.ts';
import { startHttpServer } from '../support/http-server.ts';
import { startPostgres } from '../support/postgres.ts';
import { startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { incident, summary } from '../support/status-page.ts';
import { webhookSecret } from '../support/stripe.ts';

useRealNetwork();

it('goes on polling when its connections go silent in the middle of a pull', { timeout: 90_000 }, async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const proxy = await startDatabaseProxy(postgres.url);
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
    STORE_URL: proxy.url,
    STATUS_PAGES: `acme=${origin}/`,
    STATUS_POLL_INTERVAL_SECONDS: '1',
  });
  await resumed.promise;
  expect((await fetch(`${await service.url()}/readyz`)).status).toBe(200);
});
