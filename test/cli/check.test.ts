import { writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { runCommand } from '../support/cli.ts';
import { startFakeSmtp } from '../support/fake-smtp.ts';
import { startHttpServer } from '../support/http-server.ts';
import { type Enqueued, routingKey } from '../support/pagerduty.ts';
import { emptyFolder } from '../support/script.ts';
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

const startPage = (body: unknown): Promise<string> =>
  startHttpServer((_request, response) => response.end(JSON.stringify(body)));

const check = async (args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
  const { code, stdout, stderr } = await runCommand(['check', ...args], { env: { ...env, ...more } });
  for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  return { code, lines: stdout.trimEnd().split('\n'), stdout, stderr };
};

const writeRules = async (content: string): Promise<string> => {
  const file = join(await emptyFolder(), 'rules.yaml');
  await writeFile(file, content);
  return file;
};

it('tells what is usable, what is missing and what is misspelt, and shows no secret', async () => {
  const { code, lines, stderr } = await check([], {
    PORT: '4000',
    API_TOKEN: 'tok_secret_1',
    ROUTE_WARNINGS: 'tok_secret_1',
    STATUS_PAGES: 'acme=https://status.acme.test/summary.json?key=page_secret',
    BRAZE_STATUS_SUMMARY_URL: 'https://braze.test/summary.json',
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(lines[0]).toMatch(/^ok {7}environment: it is valid: PORT=4000 .*API_TOKEN="set"/);
  expect(lines).toContainEqual(
    expect.stringMatching(/^warning {2}environment: ROUTE_WARNINGS is not .*did you mean ROUTE_WARNING\?$/),
  );
  expect(lines).toContain('missing  environment: PAGERDUTY_ROUTING_KEY is not set: nobody is notified');
  expect(lines).toContain(
    'missing  environment: SPREEDLY_STATUS_SUMMARY_URL is not set: a fixture is read in its place, until a destination reaches people',
  );
  expect(lines).toContain(
    'missing  environment: STORE_URL is not set: everything is kept in memory, and a restart loses it',
  );
  expect(lines).toContain('skipped  rules: there is no rules file');
});

it('a status page without an address is not read where a destination reaches people', async () => {
  const { lines } = await check([], { PAGERDUTY_ROUTING_KEY: routingKey });
  expect(lines).toContain('missing  environment: SPREEDLY_STATUS_SUMMARY_URL is not set: its status page is not read');
});

it('--json has the findings, and the configuration as it takes effect', async () => {
  const { stdout } = await check(['--json'], { PORT: '4000', STORE_URL: 'postgres://me:db_secret@db.test/signals' });
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    findings: expect.arrayContaining([expect.objectContaining({ result: 'ok', what: 'environment' })]),
    config: { port: 4000, PAGERDUTY_ROUTING_KEY: 'not set' },
  });
});

it('names every variable that is not usable, the misspelt ones and the problems of the rules at once, and ends with 1', async () => {
  const file = await writeRules(
    `version: 1\nroutes:\n  - { name: a, when: { pgae: braze }, send: [oncall] }
destinations: { oncall: { type: pagerduty, routing_key: "\${PAGERDUTY_KEY_OF_OPS}" } }\n`,
  );
  const { code, lines } = await check([], {
    PORT: 'x',
    ROUTE_WARNING: 'yes',
    ROUTE_WARNINGS: 'true',
    PAGERDUTY_KEY_OF_OPS: 'hush',
    CONFIG_FILE: file,
  });
  expect(code).toBe(1);
  expect(lines.join()).not.toContain('PAGERDUTY_KEY_OF_OPS');
  expect(lines).toContainEqual(expect.stringMatching(/^failed {3}environment: PORT: /));
  expect(lines).toContainEqual(expect.stringMatching(/^failed {3}environment: ROUTE_WARNING: /));
  expect(lines).toContainEqual(expect.stringMatching(/^warning {2}environment: ROUTE_WARNINGS /));
  expect(lines).toContainEqual(expect.stringContaining(`failed   rules: ${file}:3:24: `));
});

it.each([
  [
    'destinations that are mocks',
    'destinations: { chat: { type: mock } }',
    'rules: none of the destinations reaches people',
  ],
  ['no destinations', 'fold: none', 'environment: PAGERDUTY_ROUTING_KEY is not set'],
])('says that nobody is notified by rules with %s', async (_what, rules, what) => {
  const { code, lines } = await check([], { CONFIG_FILE: await writeRules(`version: 1\n${rules}\n`) });
  expect(code).toBe(0);
  expect(lines.filter((line) => line.includes('nobody is notified'))).toEqual([`missing  ${what}: nobody is notified`]);
});

it('refuses an unset variable in the rules, which test reads as a placeholder', async () => {
  const file = await writeRules(
    `version: 1\ndestinations: { oncall: { type: pagerduty, routing_key: "\${NOT_SET}" } }\n`,
  );
  const { code, lines } = await check([], { CONFIG_FILE: file });
  expect(code).toBe(1);
  expect(lines).toContainEqual(expect.stringMatching(/rules.yaml:2:\d+: the variable NOT_SET is not set$/));
  expect(await runCommand(['test', file])).toMatchObject({ code: 0 });
});

it('runs the tests of the rules, and fails with one of them', async () => {
  const rules = (sent: string) => `version: 1
destinations: { oncall: { type: pagerduty, routing_key: "\${PAGERDUTY_ROUTING_KEY}" } }
routes: [{ name: all, when: { severity: critical }, send: [oncall] }]
tests: [{ name: it wakes us, given: { type: payout.failed }, expect: { sent: [${sent}] } }]
`;
  const more = { PAGERDUTY_ROUTING_KEY: routingKey };
  const good = await check([], { ...more, CONFIG_FILE: await writeRules(rules('oncall')) });
  expect(good.code).toBe(0);
  expect(good.lines).toContainEqual(expect.stringMatching(/^ok {7}rules: .*: 1 route, 1 test passed$/));
  const bad = await check([], { ...more, CONFIG_FILE: await writeRules(rules('')) });
  expect(bad.code).toBe(1);
  expect(bad.lines).toContainEqual(
    expect.stringMatching(/^failed .*:4:9: the test "it wakes us" failed: expected sent \[\], got \[oncall\]/),
  );
});

it('where the environment is not usable, the usual rules file is looked at all the same', async () => {
  const folder = await emptyFolder();
  await writeFile(
    join(folder, 'vendor-signals.yaml'),
    'version: 1\ndestinations: { oncall: { type: mock } }\nroutes: [{ name: all, send: [oncall] }]\n',
  );
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  process.chdir(folder);
  const { code, lines } = await check([], { PORT: 'x' });
  expect(code).toBe(1);
  expect(lines).toContain('ok       rules: vendor-signals.yaml: 1 route, it has no tests');
});

it('without an environment that is usable and without a file there are no rules to look at', async () => {
  expect(await check([], { PORT: 'x' })).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('skipped  rules: there is no rules file\n'),
  });
});

it('the placeholder of the example is no signing secret', async () => {
  const { lines } = await check([], { STRIPE_WEBHOOK_SECRET: 'whsec_replace_me' });
  expect(lines).toContainEqual(expect.stringMatching(/environment: STRIPE_WEBHOOK_SECRET is still the placeholder/));
});

it('a rules file that is not there is a failure', async () => {
  const { code, lines } = await check([], { CONFIG_FILE: 'nowhere.yaml' });
  expect(code).toBe(1);
  expect(lines).toContain('failed   rules: nowhere.yaml cannot be read: there is no such file');
});

it('--live reads each page once, naming its dialect, and sends PagerDuty a test and its end', async () => {
  let asked = 0;
  const page = await startHttpServer((_request, response) => {
    asked += 1;
    response.end(JSON.stringify(summary({ incidents: [incident('1')], components: [component('a', 'operational')] })));
  });
  const pagerDuty = await startPagerDuty([202, 202]);
  const { code, lines } = await check(['--live'], {
    STATUS_PAGES: `acme=${page}/api/v2/summary.json?key=page_secret`,
    PAGERDUTY_ROUTING_KEY: routingKey,
    PAGERDUTY_EVENTS_URL: pagerDuty.url,
  });
  expect(lines).toContain('skipped  status page spreedly: it has no address');
  expect(lines).toContain('ok       status page acme: statuspage, "Acme" (id acme), 2 items');
  expect(lines).toContain('ok       store: in memory');
  expect(lines).toContain(
    'ok       destination pagerduty: pagerduty, test message accepted (HTTP 202), its end accepted (HTTP 202)',
  );
  expect({ code, asked }).toEqual({ code: 0, asked: 1 });
  const [trigger, resolve] = pagerDuty.requests;
  expect(trigger).toMatchObject({ event_action: 'trigger', payload: { severity: 'info' } });
  expect(resolve).toMatchObject({ event_action: 'resolve', dedup_key: trigger?.dedup_key });
});

it.each<[string, readonly (number | null)[], RegExp]>([
  ['refuses the test', [403], /^failed .*pagerduty, test message not accepted \(permanent\): HTTP 403 .*\[redacted\]/],
  [
    'cuts the connection, so that the test may have arrived',
    [null, 202],
    /^failed .*test message not accepted \(unknown\): .*, its end accepted \(HTTP 202\)$/,
  ],
  [
    'takes the test but not its end',
    [202, 500],
    /^failed .*its end not accepted \(transient\): .*; the test may be open there: resolve it manually$/,
  ],
])('ends with 1 when PagerDuty %s', async (_what, statuses, expected) => {
  const pagerDuty = await startPagerDuty(statuses);
  const more = { PAGERDUTY_ROUTING_KEY: routingKey, PAGERDUTY_EVENTS_URL: pagerDuty.url };
  const { code, lines } = await check(['--live'], more);
  expect(lines.filter((line) => line.includes('destination '))).toEqual([expect.stringMatching(expected)]);
  expect(pagerDuty.requests).toHaveLength(statuses.length);
  expect(code).toBe(1);
});

it('ends with 1 when a mail is not taken by one of its recipients, and names that one', async () => {
  const smtp = await startFakeSmtp();
  let asked = 0;
  smtp.answer = (command) => {
    if (command === 'CONNECT') return '220 fake.test ESMTP';
    if (command !== 'RCPT TO') return undefined;
    asked += 1;
    return asked % 2 === 1 ? '550 5.1.1 User unknown' : undefined;
  };
  const mail = `{ type: email, host: 127.0.0.1, port: ${smtp.port}, from: a@x.test, to: [oncal@x.test, lead@x.test] }`;
  const routes = 'routes:\n  - { name: all, when: { severity: critical }, send: [mail] }\n';
  const file = await writeRules(`version: 1\ndestinations:\n  mail: ${mail}\n${routes}`);
  const { code, lines } = await check(['--live'], { CONFIG_FILE: file });
  const answer = 'accepted (HTTP 250), but not by oncal@x.test: 550 5.1.1 User unknown';
  expect(lines).toContain(`failed   destination mail: email, test message ${answer}, its end ${answer}`);
  expect(code).toBe(1);
});

it('ends with 1 when a page cannot be read or the store not be opened, and sends nothing to a mock', async () => {
  const page = await startHttpServer((_request, response) => response.writeHead(500).end());
  const { code, lines } = await check(['--live'], {
    BRAZE_STATUS_SUMMARY_URL: page,
    STORE_URL: 'sqlite:nowhere/events.db',
  });
  expect(lines).toContainEqual(expect.stringMatching(/^failed {3}status page braze: .*HTTP 500/));
  expect(lines).toContain('failed   store: its folder is missing, or may not be written to');
  expect(lines).toContain('skipped  destination pagerduty: it is the mock of this service, which tells nobody');
  expect(code).toBe(1);
});

const usingRules = (page: string) => `version: 1
status_pages: { acme: { url: ${page}, uses: [Component a, Payments API] } }
destinations: { oncall: { type: mock } }
routes: []
`;

it('a name in uses that a whole status page does not list is a failure', async () => {
  const page = await startPage(summary({ components: [component('a', 'operational'), component('b', 'operational')] }));
  const { code, lines } = await check(['--live'], { CONFIG_FILE: await writeRules(usingRules(page)) });
  expect(code).toBe(1);
  expect(lines).toContain(
    'failed   status page acme: the rules use "Payments API", which the status page does not list',
  );
  expect(lines.join()).not.toContain('"Component a"');
});

it('a status page of the rules without an address is read where the environment says', async () => {
  const page = await startPage(summary({ components: [component('a', 'operational'), component('b', 'operational')] }));
  const file = await writeRules(usingRules(page).replace(`url: ${page}, `, ''));
  const { lines } = await check(['--live'], { CONFIG_FILE: file, STATUS_PAGES: `acme=${page}` });
  expect(lines).toContain('ok       status page acme: statuspage, "Acme" (id acme), 2 items');
});

it('it is none where the status page lists only what is not well', async () => {
  const page = await startPage(summary({ components: [component('a', 'major_outage')] }));
  expect(await check(['--live'], { CONFIG_FILE: await writeRules(usingRules(page)) })).toMatchObject({ code: 0 });
});

it('--only asks one status page or destination, and knows the others by name', async () => {
  const page = await startPage(summary({ components: [component('a', 'operational')] }));
  const file = await writeRules(usingRules(page).replace(', Payments API', ''));
  const { code, lines } = await check(['--live', '--only', 'acme'], { CONFIG_FILE: file });
  expect(code).toBe(0);
  expect(lines.filter((line) => /status page |store|destination /.test(line) && !line.includes('environment'))).toEqual(
    ['ok       status page acme: statuspage, "Acme" (id acme), 1 item'],
  );
  const wrong = await check(['--live', '--only', 'acmee'], { CONFIG_FILE: file });
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no status page or destination is called "acmee" (did you mean "acme"?)'),
  });
});

it('--live asks nothing before the rest is usable', async () => {
  const { code, lines } = await check(['--live'], { CONFIG_FILE: 'nowhere.yaml' });
  expect(code).toBe(1);
  expect(lines.at(-1)).toBe('skipped  --live: nothing is asked until the problems above are solved');
});
