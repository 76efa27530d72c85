// The subcommands that ask a running service, against one.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCommand } from '../support/cli.ts';
import { closedPort, startHttpServer } from '../support/http-server.ts';
import { startRunning } from '../support/running.ts';
import { emptyFolder } from '../support/script.ts';
import { stripeEvent, webhookSecret } from '../support/stripe.ts';

const token = 'tok_0123456789abcdef';
const pageFile = fileURLToPath(new URL('../../package.json', import.meta.url));

/** A running service that has got one failed payout, and the way to ask it. */
const withPayout = async (env: Readonly<Record<string, string>> = {}) => {
  const { url, clock, app } = await startRunning(env);
  const asked = { VENDOR_SIGNALS_URL: `${url}/`, STRIPE_WEBHOOK_SECRET: webhookSecret, ...env };
  const ask = (...argv: readonly string[]) => runCommand(argv, { env: asked, now: clock.now });
  const file = join(await emptyFolder(), 'payout.json');
  await writeFile(file, JSON.stringify(stripeEvent('evt_1')));
  const sent = await ask('send', file);
  await app.idle();
  return { ask, app, sent, file };
};

it('send signs a file as Stripe does, and prints the answer on one line', async () => {
  const { ask, sent, file } = await withPayout();
  expect(sent).toMatchObject({ code: 0, stdout: '{"received":true}\n', stderr: '' });
  expect((await ask('send', file)).stdout).toBe('{"received":true,"deduped":true}\n');
});

it('send takes the whole address, as it always did, and needs the secret', async () => {
  const { file } = await withPayout();
  const { url, clock } = await startRunning();
  const argv = ['send', file, '--url', `${url}/ingest/stripe`];
  expect(await runCommand(argv, { env: { STRIPE_WEBHOOK_SECRET: webhookSecret }, now: clock.now })).toMatchObject({
    code: 0,
  });
  expect(await runCommand(argv)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('STRIPE_WEBHOOK_SECRET is not set'),
  });
  const wrong = { env: { STRIPE_WEBHOOK_SECRET: 'whsec_other' }, now: clock.now };
  expect(await runCommand(argv, wrong)).toMatchObject({ code: 1, stderr: expect.stringContaining('signature') });
});

it('alerts and events list what there is, in tabs for programs and as JSON', async () => {
  const { ask } = await withPayout();
  const alerts = await ask('alerts');
  expect(alerts.code).toBe(0);
  expect(alerts.stdout.trim().split('\t')).toEqual([
    'critical',
    'open',
    '2026-03-01 12:00Z',
    'stripe',
    '1',
    'pagerduty',
    'evt_1',
    'payout.failed: obj_evt_1',
  ]);
  expect(JSON.parse((await ask('alerts', '--json')).stdout)).toMatchObject({ alerts: [{ alert_id: 'evt_1' }] });
  expect((await ask('events', 'payout', '--severity', 'critical')).stdout).toContain(
    'evt_1\tpayout.failed: obj_evt_1\n',
  );
  expect(JSON.parse((await ask('events', '--json')).stdout)).toMatchObject({
    events: [{ event_id: 'evt_1', raw: { id: 'evt_1' } }],
  });
});

it('an empty list is a sentence on stderr, and nothing on stdout', async () => {
  const { ask } = await withPayout();
  expect(await ask('alerts', '--state', 'resolved')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'There is no such alert.\n',
  });
  expect(await ask('events', 'nothing-like-it')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'There is no such event.\n',
  });
  expect(await ask('silences')).toMatchObject({ code: 0, stdout: '', stderr: 'There is no silence.\n' });
});

it('show tells the story of an alert, and of an event where both have one id', async () => {
  const { ask } = await withPayout();
  const alert = (await ask('show', 'evt_1')).stdout;
  expect(alert).toContain('open alert evt_1 of stripe, since 2026-03-01 12:00Z');
  expect(alert).toContain('pagerduty\ttrigger\tdelivered\t1\tat 2026-03-01 12:00Z');
  expect(alert).toContain('Opened by "payout.failed: obj_evt_1"');
  const event = (await ask('show', 'evt_1', '--event')).stdout;
  expect(event).toContain('open event evt_1 of stripe');
  expect(event).toContain('It belongs to the alert evt_1.');
  expect(event).toContain('Sent: critical events are always sent.');
  expect(JSON.parse((await ask('show', 'evt_1', '--json')).stdout)).toMatchObject({ alert_id: 'evt_1', state: 'open' });
});

it('resolve ends an alert with its events, or one event, and says so', async () => {
  const { ask } = await withPayout();
  expect(await ask('resolve', 'evt_1', '--note', 'The bank has it.')).toMatchObject({
    code: 0,
    stdout: 'Resolved the alert "payout.failed: obj_evt_1" with its event.\n',
  });
  expect(await ask('resolve', 'evt_1')).toMatchObject({ code: 1, stderr: expect.stringContaining('was resolved at') });
  expect(await ask('resolve', 'evt_1', '--event')).toMatchObject({
    code: 0,
    stdout: 'The event "payout.failed: obj_evt_1" was over already.\n',
  });
});

it.each([
  ['show', 'nothing'],
  ['resolve', 'nothing'],
  ['show', 'nothing', '--event'],
  ['retry', 'nothing'],
])('%s %s: what is not there is told with exit code 1', async (...argv) => {
  const { ask } = await withPayout();
  expect(await ask(...argv)).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^no .* with this id is stored\n$/),
  });
});

it('retry says how many, and what became of one', async () => {
  const { ask } = await withPayout();
  expect((await ask('retry')).stdout).toBe('Retrying 0 failed deliveries.\n');
  const { deliveries } = JSON.parse((await ask('show', 'evt_1', '--json')).stdout);
  expect((await ask('retry', deliveries[0].id)).stdout).toBe('The trigger to pagerduty is delivered.\n');
});

it('silence makes one, silences lists it, and --end ends it', async () => {
  const { ask } = await withPayout();
  const made = await ask(
    'silence',
    '--when',
    'page=braze',
    '--when',
    'page=spreedly',
    '--until',
    '2h',
    '--because',
    'We move',
    '--by',
    'jo',
  );
  expect(made).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Silenced until 2026-03-01T14:00:00.000Z: sil_\S+ is active\.\n$/),
  });
  const id = /sil_\S+/.exec(made.stdout)?.[0] ?? '';
  expect((await ask('silences')).stdout).toBe(
    `active\t${id}\tpage=braze|spreedly\t2026-03-01 12:00Z\t2026-03-01 14:00Z\tjo\t0\tWe move\n`,
  );
  expect((await ask('silence', '--end', id)).stdout).toBe(`Ended the silence ${id}.\n`);
  expect((await ask('silences')).stdout).toBe('');
  expect((await ask('silences', '--all')).stdout).toContain(`expired\t${id}`);
});

it('a problem of the service is told with its detail and each of its errors', async () => {
  const { ask } = await withPayout();
  const past = '2020-01-01T00:00:00Z';
  const { code, stderr } = await ask('silence', '--when', 'page=braez', '--until', past, '--because', 'x');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^the body is not a silence\n/);
  expect(stderr).toMatch(/\n {2}when.*braez/);
  expect(stderr).toMatch(/\n {2}until: /);
});

it('the token comes from API_TOKEN, and is never shown', async () => {
  const { ask } = await withPayout({ API_TOKEN: token });
  expect(await ask('alerts')).toMatchObject({ code: 0 });
  const { url } = await startRunning({ API_TOKEN: token });
  const refused = await runCommand(['alerts'], { env: { VENDOR_SIGNALS_URL: url, API_TOKEN: 'tok_wrong' } });
  expect(refused).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('Set API_TOKEN, in the environment or in .env, to the one of the service.'),
  });
  expect(refused.stderr).not.toContain('tok_wrong');
});

it.each(['tok_in\ntwo_lines', 'tok_™', 'tok_\u0001'])(
  'a token that no header can carry (%j) is told by its name, and not shown',
  async (unusable) => {
    const end = await runCommand(['alerts', '--url', 'http://127.0.0.1:9'], { env: { API_TOKEN: unusable } });
    expect(end).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('API_TOKEN: expected visible') });
    expect(end.stderr).not.toContain('tok_');
  },
);

it('a service that is not there is told with its address, and how to name another', async () => {
  const url = `http://127.0.0.1:${await closedPort()}`;
  const { code, stdout, stderr } = await runCommand(['alerts', '--url', url]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`the service at ${url} cannot be reached`);
  expect(stderr).toContain('--url or VENDOR_SIGNALS_URL names another address');
});

it('something else that answers there is told for what it is', async () => {
  const url = await startHttpServer((_request, response) => response.end('<html>'));
  expect(await runCommand(['alerts', '--url', url])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not vendor-signals'),
  });
  const other = await startHttpServer((_request, response) => response.end('{"data":[]}'));
  expect(await runCommand(['alerts', '--url', other])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('this version of the command does not know such an answer'),
  });
});

it.each([301, 303, 308])(
  'a redirect (%i) is told and not followed, so that a change never becomes a question',
  async (status) => {
    const asked: string[] = [];
    const elsewhere = await startHttpServer((_request, response) => response.end('{"silences":[]}'));
    const url = await startHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(status, { location: `${elsewhere}${request.url}` }).end('<html>');
    });
    const silence = ['silence', '--when', 'page=braze', '--until', '2h', '--because', 'x', '--json'];
    const { code, stdout, stderr } = await runCommand([...silence, '--url', url]);
    expect({ code, stdout, asked }).toEqual({ code: 1, stdout: '', asked: ['POST /silences'] });
    expect(stderr).toContain(`${url} redirects to ${elsewhere}/silences`);
  },
);

it('a base path of the address stays in front of every path', async () => {
  let asked: string | undefined;
  const url = await startHttpServer((request, response) => {
    asked = request.url;
    response.end('{"alerts":[],"next_cursor":null}');
  });
  await runCommand(['alerts', '--url', `${url}/signals/`]);
  expect(asked).toBe('/signals/alerts?state=open');
});

it('a file that is no Stripe event is refused by the service, with its reason', async () => {
  const { ask } = await withPayout();
  expect(await ask('send', pageFile)).toMatchObject({ code: 1, stderr: expect.stringContaining('not a Stripe event') });
});
