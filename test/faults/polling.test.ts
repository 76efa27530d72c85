import { expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../support/http-server.ts';
import { rememberingPagerDuty } from '../support/load.ts';
import { routingKey } from '../support/pagerduty.ts';
import { startPostgres } from '../support/postgres.ts';
import { startProcess } from '../support/process.ts';
import { useRealNetwork } from '../support/real-network.ts';
import { incident, summary } from '../support/status-page.ts';
import { webhookSecret } from '../support/stripe.ts';

useRealNetwork();

it('lets one replica poll at a time, and the other take over when it dies', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const polledBy: string[] = [];
  const waiting = new Set<() => void>();
  const origin = await startHttpServer((request, response) => {
    polledBy.push(request.url === '/a' ? 'a' : 'b');
    response.end(JSON.stringify(summary({ incidents: [incident('1')] })));
    for (const look of waiting) look();
  });
  const polls = (enough: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (enough()) resolve();
      };
      waiting.add(look);
      look();
    });
  const replica = (name: string) =>
    startProcess({
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      STORE_URL: postgres.url,
      STATUS_PAGES: `acme=${origin}/${name}`,
      STATUS_POLL_INTERVAL_SECONDS: '1',
    });
  const replicas = { a: replica('a'), b: replica('b') };
  await Promise.all([replicas.a.line('server.ready'), replicas.b.line('server.ready')]);

  // On a busy machine the lead may pass over. Without one, both would poll each second, and neither four times in a row.
  await polls(() => polledBy.length >= 4 && new Set(polledBy.slice(-4)).size === 1);
  const leader = polledBy.at(-1) === 'a' ? 'a' : 'b';
  const follower = leader === 'a' ? 'b' : 'a';
  replicas[leader].child.kill('SIGKILL');
  await polls(() => polledBy.at(-1) === follower);

  const url = await replicas[follower].url();
  const { events } = JSON.parse(await (await fetch(`${url}/events?source=acme_status`)).text());
  expect(events).toMatchObject([{ event_id: 'acme_status:incident:1' }]);
});

it('believes nothing that a replica read before it was halted, once another has read it', async () => {
  const postgres = await startPostgres();
  onTestFinished(() => postgres.remove());
  const pagerDuty = await rememberingPagerDuty();
  const isTold = () => pagerDuty.incidents.size > 0;
  const isClosed = () => [...pagerDuty.incidents.values()].every(({ isOpen }) => !isOpen);
  const halted = Promise.withResolvers<'a' | 'b'>();
  let isHalted = false;
  const origin = await startHttpServer((request, response) => {
    const name = request.url === '/a' ? 'a' : 'b';
    const incidents = isHalted ? [] : [incident('1', { impact: 'major' })];
    // Halted with its request under way: the answer waits for it, and by then the outage is over.
    if (isTold() && !isHalted) {
      isHalted = true;
      replicas[name].child.kill('SIGSTOP');
      halted.resolve(name);
    }
    response.end(JSON.stringify(summary({ incidents })));
  });
  const replica = (name: string) =>
    startProcess({
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      PAGERDUTY_ROUTING_KEY: routingKey,
      PAGERDUTY_EVENTS_URL: pagerDuty.url,
      STORE_URL: postgres.url,
      STATUS_PAGES: `acme=${origin}/${name}`,
      STATUS_POLL_INTERVAL_SECONDS: '1',
      // So that it is not the time of the fetch that runs out.
      STATUS_FETCH_TIMEOUT_MS: '120000',
    });
  const replicas = { a: replica('a'), b: replica('b') };

  const { child, line } = replicas[await halted.promise];
  await pagerDuty.until(isClosed);
  child.kill('SIGCONT');
  expect((await line('page.fetch_failed')).error).toContain('was halted');
  expect([...pagerDuty.incidents.values()]).toMatchObject([{ isOpen: false, opened: 1 }]);
});
