import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { startHttpServer } from '../support/http-server.ts';
import { type Enqueued, routingKey } from '../support/pagerduty.ts';
import { runScript } from '../support/script.ts';
import { component, incident, summary } from '../support/status-page.ts';
import { webhookSecret } from '../support/stripe.ts';

const env = { STRIPE_WEBHOOK_SECRET: webhookSecret };
const secrets = [webhookSecret, routingKey, 'tok_secret_1', 'page_secret', 'db_secret'];

/** A PagerDuty on the loopback, which answers each request with the next of these; null cuts the connection. */
const startPagerDuty = async (statuses: readonly (number | null)[]) => {
  const requests: Enqueued[] = [];
  const listener: RequestListener = (request, response) => {
    let body = '';
    request.on('data', (data) => {
      body += data;
    });
    request.on('end', () => {
      const status = statuses[requests.length] ?? null;
      requests.push(JSON.parse(body));
      if (status === null) request.socket.destroy();
      else response.writeHead(status).end(`{"status":"the key is ${routingKey}"}`);
    });
  };
  return { requests, url: await startHttpServer(listener) };
};

const checkLive = async (more: Readonly<Record<string, string>>) => {
  const { code, stdout, stderr } = await runScript('check-config', ['--live'], { ...env, ...more });
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  return { code, lines: stdout.split('\n').filter((line) => /^(ok|skipped|failed)/.test(line)), stderr };
};

it('shows the configuration as it takes effect, with secrets as set or not set, and what is worth a warning', async () => {
  const { code, stdout, stderr } = await runScript('check-config', [], {
    ...env,
    PORT: '4000',
    API_TOKEN: 'tok_secret_1',
    STATUS_PAGES: 'acme=https://status.acme.test/summary.json?key=page_secret',
    STORE_URL: 'postgres://me:db_secret@db.test/signals',
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('"port": 4000');
  expect(stdout).toContain('"API_TOKEN": "set"');
  expect(stdout).toContain('"PAGERDUTY_ROUTING_KEY": "not set"');
  expect(stdout).toContain('warning PAGERDUTY_ROUTING_KEY is not set');
  for (const secret of secrets) expect(stdout).not.toContain(secret);
});

it('names every variable that is not usable, and ends with 1', async () => {
  const { code, stdout, stderr } = await runScript('check-config', [], { PORT: 'x', ROUTE_WARNING: 'yes' });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  for (const name of ['PORT', 'ROUTE_WARNING', 'STRIPE_WEBHOOK_SECRET']) expect(stderr).toContain(`${name}: `);
});

it('reads each page once, sends PagerDuty a test and its end, and says what each answered', async () => {
  let asked = 0;
  const page = await startHttpServer((_request, response) => {
    asked += 1;
    response.end(JSON.stringify(summary({ incidents: [incident('1')], components: [component('a', 'operational')] })));
  });
  const pagerDuty = await startPagerDuty([202, 202]);
  const { code, lines } = await checkLive({
    STATUS_PAGES: `acme=${page}/?key=page_secret`,
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
  });
  expect(lines).toEqual([
    'skipped page spreedly: it has no URL: it is not read',
    'skipped page braze: it has no URL: it is not read',
    'ok      page acme: "Acme", 2 items',
    'ok      store: in memory',
    'ok      PagerDuty trigger: HTTP 202',
    'ok      PagerDuty resolve: HTTP 202',
  ]);
  expect({ code, asked }).toEqual({ code: 0, asked: 1 });
  const [trigger, resolve] = pagerDuty.requests;
  expect(trigger).toMatchObject({
    event_action: 'trigger',
    dedup_key: expect.stringMatching(/^vendor-signals-test:/),
    payload: { severity: 'info', summary: expect.stringContaining('TEST') },
  });
  expect(resolve).toMatchObject({ event_action: 'resolve', dedup_key: trigger?.dedup_key });
});

it.each<[string, readonly (number | null)[], readonly string[]]>([
  ['refuses the test', [403], ['failed  PagerDuty trigger: permanent: HTTP 403 {"status":"the key is [redacted]"}']],
  [
    'cuts the connection, so that the test may have arrived',
    [null, 202],
    [expect.stringMatching(/^failed {2}PagerDuty trigger: unknown/), 'ok      PagerDuty resolve: HTTP 202'],
  ],
  [
    'takes the test but not its end',
    [202, 500],
    [
      'ok      PagerDuty trigger: HTTP 202',
      expect.stringMatching(/^failed {2}PagerDuty resolve: transient/),
      expect.stringMatching(/^failed {2}PagerDuty: resolve the alert vendor-signals-test:\S+ by hand/),
    ],
  ],
])('ends with 1 when PagerDuty %s', async (_what, statuses, expected) => {
  const pagerDuty = await startPagerDuty(statuses);
  const { code, lines } = await checkLive({ PAGERDUTY_ROUTING_KEY: routingKey, PAGERDUTY_EVENTS_URL: pagerDuty.url });
  expect(lines.filter((line) => line.includes('PagerDuty'))).toEqual(expected);
  expect(pagerDuty.requests).toHaveLength(statuses.length);
  expect(code).toBe(1);
});

it('ends with 1 when a page cannot be read or the store not be opened, and sends nothing without a key', async () => {
  const page = await startHttpServer((_request, response) => response.writeHead(500).end());
  const { code, lines } = await checkLive({
    BRAZE_STATUS_SUMMARY_URL: page,
    STORE_URL: 'sqlite:nowhere/events.db',
  });
  expect(lines).toEqual([
    'skipped page spreedly: it has no URL: its fixture stands in for it',
    'failed  page braze: HTTP 500',
    'failed  store: its folder is missing, or may not be written to',
    'skipped PagerDuty: there is no key: pages go to the mock',
  ]);
  expect(code).toBe(1);
});
