import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished, vi } from 'vitest';
import { shareProcess, startProcess } from './support/process.ts';
import { useRealNetwork } from './support/real-network.ts';
import { withRules } from './support/rules-file.ts';
import { signed, stripeEvent, webhookSecret } from './support/stripe.ts';

useRealNetwork();

const env = { STRIPE_WEBHOOK_SECRET: webhookSecret };
const shortToken = 'tok_of_15_signs';

const plain = shareProcess(env);
/** With a token that is short enough to be guessed, and a misspelt variable. */
const guarded = shareProcess({ ...env, API_TOKEN: shortToken, ROUTE_WARNINGS: 'hush' });

const makeFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'env-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
};

/** A signed post whose body is only sent in part until `finish` is called. */
const startPost = async (url: string) => {
  const { body, headers } = signed(stripeEvent('evt_slow', 'charge.succeeded'));
  const text = String(body);
  const post = request(`${url}/ingest/stripe`, {
    method: 'POST',
    headers: { ...(headers as Record<string, string>), 'content-length': text.length },
  });
  const answer = new Promise<number | undefined>((resolve) => {
    post.on('response', (response) => resolve(response.resume().statusCode));
    post.on('error', () => resolve(undefined));
  });
  const sent = new Promise<void>((resolve) => post.write(text.slice(0, 10), () => resolve()));
  await sent;
  // The request has reached the handler once a later one has been answered.
  await fetch(`${url}/healthz`);
  return { answer, finish: () => post.end(text.slice(10)) };
};

it('says on its first line where it listens, answers, and ends with 0 when it is told to', async () => {
  const service = startProcess(env);
  const url = await service.url();
  await service.line('server.ready');
  expect(await (await fetch(`${url}/healthz`)).text()).toBe('{"ok":true}');
  expect((await fetch(`${url}/readyz`)).status).toBe(200);

  service.child.kill('SIGTERM');
  const { code, stdout, stderr } = await service.exit;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')[0]).toContain('"msg":"server.listening"');
  expect(stdout).toContain('"msg":"server.stopped"');
  expect(stdout).not.toContain(webhookSecret);
});

it('says in one line where the dashboard is and what is missing', async () => {
  const service = plain();
  const dashboard = `${await service.url()}/`;
  const pages = ['SPREEDLY_STATUS_SUMMARY_URL', 'BRAZE_STATUS_SUMMARY_URL'];
  expect(await service.line('dashboard.available')).toMatchObject({
    dashboard,
    missing: ['PAGERDUTY_ROUTING_KEY', ...pages, 'API_TOKEN', 'STORE_URL'],
  });
  const url = 'http://127.0.0.1:9';
  const whole = startProcess({
    ...env,
    PUBLIC_URL: 'https://ops.acme.test/signals',
    PAGERDUTY_ROUTING_KEY: 'R'.repeat(32),
    ...Object.fromEntries(pages.map((name) => [name, url])),
    STATUS_POLL_INTERVAL_SECONDS: '0',
    API_TOKEN: 'tok_of_16_letters',
    STORE_URL: `sqlite:${join(await makeFolder(), 'events.db')}`,
  });
  expect(await whole.line('dashboard.available')).toMatchObject({
    dashboard: 'https://ops.acme.test/signals/',
    missing: [],
  });
});

it('a copied .env.example starts, and warns of its placeholder', async () => {
  const folder = await makeFolder();
  await copyFile(fileURLToPath(new URL('../.env.example', import.meta.url)), join(folder, '.env'));
  const service = startProcess({}, folder);
  expect(await service.line('dashboard.available')).toMatchObject({
    missing: expect.arrayContaining(['STRIPE_WEBHOOK_SECRET', 'PAGERDUTY_ROUTING_KEY']),
  });
  await service.line('server.ready');
  service.child.kill('SIGTERM');
  expect((await service.exit).stdout).toContain('"warning":"STRIPE_WEBHOOK_SECRET is still the placeholder');
});

it('warns of a misspelt variable without its value', async () => {
  const { line, said } = guarded();
  await line('server.ready');
  expect(said()).toContain(
    '"warning":"ROUTE_WARNINGS is not a variable of this service, and does nothing: did you mean ROUTE_WARNING?"',
  );
  expect(said()).not.toContain('hush');
});

const supportFile = (name: string) => fileURLToPath(new URL(`./support/${name}`, import.meta.url));

/** A status page behind a certificate that Node does not trust by itself. */
const startSecretPage = async (): Promise<string> => {
  const [key, cert] = await Promise.all([
    readFile(supportFile('localhost-key.pem')),
    readFile(supportFile('localhost-cert.pem')),
  ]);
  const server = createSecureServer({ key, cert }, (_, response) => {
    response.end(JSON.stringify({ page: { id: 'p1' }, components: [], incidents: [], scheduled_maintenances: [] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `https://localhost:${typeof address === 'object' ? address?.port : ''}/api/v2/summary.json`;
};

it('NODE_EXTRA_CA_CERTS works from .env, too', async () => {
  const folder = await makeFolder();
  const ask = async (dotEnv: string) => {
    await writeFile(join(folder, '.env'), dotEnv);
    const service = startProcess({ ...env, STATUS_PAGES: `acme=${page}`, STATUS_POLL_INTERVAL_SECONDS: '0' }, folder);
    const answer = await fetch(`${await service.url()}/ingest/pull-status`, { method: 'POST' });
    return answer.json();
  };
  const page = await startSecretPage();
  expect(await ask('')).toMatchObject({ errors: { acme: expect.any(String) } });
  expect(await ask(`NODE_EXTRA_CA_CERTS=${supportFile('localhost-cert.pem')}\n`)).toMatchObject({
    errors: {},
    fetched: { acme: 0 },
  });
});

it.each(['/nowhere/ca.pem', supportFile('clock.ts')])('NODE_EXTRA_CA_CERTS=%s is refused by name', async (file) => {
  const { code, stdout, stderr } = await startProcess({ ...env, NODE_EXTRA_CA_CERTS: file }).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('  NODE_EXTRA_CA_CERTS: the file cannot be used: ');
});

it('a person at a terminal gets lines to read', async () => {
  const service = startProcess({ ...env, LOG_FORMAT: 'pretty', PORT: '1', HOST: '192.0.2.1' });
  const { stdout } = await service.exit;
  expect(stdout).toMatch(/^\d\d:\d\d:\d\d\.\d{3}Z FATAL server\.cannot_listen error=/);
});

it('delivers to its own mock over real HTTP, with the token that guards it', async () => {
  const service = guarded();
  const url = await service.url();
  await fetch(`${url}/ingest/stripe`, signed(stripeEvent('evt_1')));
  expect(await service.line('delivery.attempted')).toMatchObject({
    event_id: 'evt_1',
    outcome: 'delivered',
    number: 1,
  });
  const received = await fetch(`${url}/destinations/pagerduty`, { headers: { authorization: `Bearer ${shortToken}` } });
  expect(await received.json()).toMatchObject({ received: [{ event: { event_id: 'evt_1' } }] });
});

it('explains what is wrong with its configuration and ends with 1 before it listens', async () => {
  const { code, stdout, stderr } = await startProcess({ PORT: '70000', ROUTE_WARNING: 'yes' }).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  for (const variable of ['PORT', 'ROUTE_WARNING', 'STRIPE_WEBHOOK_SECRET']) expect(stderr).toContain(`${variable}: `);
  expect(stderr).not.toContain('    at ');
});

it('a required variable that is misspelt is named beside the one that is missing, without its value', async () => {
  const { code, stderr } = await startProcess({ STRIPE_WEBHOK_SECRET: 'whsec_hush' }).exit;
  expect(code).toBe(1);
  expect(stderr).toContain('STRIPE_WEBHOK_SECRET is not a variable of this service');
  expect(stderr).toContain('did you mean STRIPE_WEBHOOK_SECRET?');
  expect(stderr).not.toContain('hush');
});

it('in production does not start without a token, unless it is told that everybody may come in', async () => {
  const production = { ...env, NODE_ENV: 'production' };
  const { code, stdout, stderr } = await startProcess(production).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain('  API_TOKEN: is required when NODE_ENV is production');
  const open = startProcess({ ...production, ALLOW_ANONYMOUS: 'true' });
  expect((await fetch(`${await open.url()}/events`)).status).toBe(200);
});

it('slows down the address that wrong tokens come from', async () => {
  const service = startProcess({ ...env, API_TOKEN: 'tok_of_16_letters' });
  const url = await service.url();
  const statuses: number[] = [];
  for (let n = 0; n < 11; n += 1)
    statuses.push((await fetch(`${url}/events`, { headers: { authorization: 'Bearer tok_wrong' } })).status);
  expect(statuses).toEqual([...Array(9).fill(401), 429, 429]);
  expect(await service.line('token.refused')).toMatchObject({ address: '127.0.0.1', as: 'bearer' });
  service.child.kill('SIGTERM');
  expect((await service.exit).stdout).not.toContain('tok_');
});

it('warns of a token that is short enough to be guessed, without it', async () => {
  const { line, said } = guarded();
  await line('server.ready');
  expect(said()).toContain('"warning":"API_TOKEN is shorter');
  expect(said()).not.toContain(shortToken);
});

it('ends with 1 when its port is taken', async () => {
  const { port } = new URL(await plain().url());
  const second = startProcess({ ...env, PORT: port });
  expect(await second.line('server.cannot_listen')).toMatchObject({
    level: 'fatal',
    error: expect.stringContaining('EADDRINUSE'),
    variable: 'PORT',
  });
  expect((await second.exit).code).toBe(1);
});

it.each([
  ['server.cannot_listen', 'HOST', '192.0.2.1'],
  ['store.unusable', 'STORE_URL', 'sqlite:/nowhere/store.db'],
])('ends with 1 and %s, which names the variable %s', async (line, variable, value) => {
  const service = startProcess({ ...env, [variable]: value });
  expect(await service.line(line)).toMatchObject({ level: 'fatal', variable });
  expect((await service.exit).code).toBe(1);
});

it('reads .env where there is one, and prefers what the environment says', async () => {
  const folder = await makeFolder();
  await writeFile(
    join(folder, '.env'),
    'STRIPE_WEBHOOK_SECRET=whsec_of_the_file\nMAX_BODY_BYTES=77\nLOG_LEVEL=fatal\n',
  );
  const service = startProcess({ LOG_LEVEL: 'info' }, folder);
  expect(await service.line('server.listening')).toMatchObject({
    config: { MAX_BODY_BYTES: 77, LOG_LEVEL: 'info' },
  });
});

it('writes nothing when it is told to be silent', async () => {
  const { code, stdout } = await startProcess({ ...env, LOG_LEVEL: 'silent', PORT: '1', HOST: '192.0.2.1' }).exit;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});

it('warns of what is open, unsigned or wakes nobody', async () => {
  const service = startProcess({ STRIPE_WEBHOOK_SECRET: 'odd', PAGERDUTY_ROUTING_KEY: 'short' });
  await service.line('server.ready');
  service.child.kill('SIGTERM');
  const { stdout } = await service.exit;
  for (const name of ['API_TOKEN', 'STRIPE_WEBHOOK_SECRET', 'PAGERDUTY_ROUTING_KEY'])
    expect(stdout).toContain(`"warning":"${name} `);
});

it('answers a request that is under way when it is told to stop', async () => {
  const service = startProcess(env);
  const post = await startPost(await service.url());
  service.child.kill('SIGTERM');
  await service.line('server.stopping');
  post.finish();
  expect(await post.answer).toBe(200);
  expect((await service.exit).code).toBe(0);
});

it('gives up waiting after its grace, and still ends with 0', async () => {
  const service = startProcess({ ...env, SHUTDOWN_GRACE_SECONDS: '0' });
  const post = await startPost(await service.url());
  service.child.kill('SIGTERM');
  const { code, stdout } = await service.exit;
  expect(code).toBe(0);
  expect(stdout).toContain('"msg":"server.stopped_late"');
  expect(await post.answer).toBeUndefined();
});

it('ends at once at a second signal', async () => {
  const service = startProcess(env);
  const post = await startPost(await service.url());
  service.child.kill('SIGTERM');
  await service.line('server.stopping');
  service.child.kill('SIGINT');
  expect((await service.exit).code).toBe(1);
  expect(await post.answer).toBeUndefined();
});

it('reads its rules again at SIGHUP, and goes on with the last good ones when they are not valid', async () => {
  const rules = (name: string) => `version: 1\nroutes: [{ name: ${name}, when: { severity: critical }, send: [] }]\n`;
  const file = await withRules(rules('first'));
  const service = startProcess({ ...env, CONFIG_FILE: file.path });
  const url = await service.url();
  await service.line('server.ready');
  await file.write('version: 2');
  service.child.kill('SIGHUP');
  expect(await service.line('rules.refused')).toMatchObject({ level: 'error', file: file.path });
  const shown = async () => JSON.parse(await (await fetch(`${url}/rules`)).text());
  expect(await shown()).toMatchObject({ last_load: { ok: false } });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  await file.write(rules('second'));
  service.child.kill('SIGHUP');
  await vi.waitFor(async () => expect(await shown()).toMatchObject({ last_load: { ok: true } }), 5000);
  expect(JSON.stringify(await shown())).toContain('second');
});

it('has its rules before anybody can ask it: those of the environment would decide', async () => {
  const file = await withRules(
    'version: 1\nstatus_pages: { braze: { url: http://127.0.0.1:9/ } }\nroutes: [{ name: all, when: { severity: critical }, send: [] }]\n',
  );
  const service = startProcess({ ...env, CONFIG_FILE: file.path });
  expect(await service.line('server.listening')).toMatchObject({ config: { STATUS_POLL_INTERVAL_SECONDS: 60 } });
  expect((await service.line('dashboard.available')).missing).not.toContain('BRAZE_STATUS_SUMMARY_URL');
  await service.line('server.ready');
  service.child.kill('SIGTERM');
  const { stdout } = await service.exit;
  const order = ['rules.loaded', 'server.listening', 'server.ready'];
  expect(
    [...stdout.matchAll(/"msg":"([\w.]+)"/g)].map(([, msg]) => msg).filter((msg) => order.includes(`${msg}`)),
  ).toEqual(order);
});

it('does not start with rules that are not valid, and names each problem', async () => {
  const file = await withRules('version: 1\nroutes: [{ name: a, when: { severty: critical }, send: [nobody] }]\n');
  const { code, stderr } = await startProcess({ ...env, CONFIG_FILE: file.path }).exit;
  expect(code).toBe(1);
  expect(stderr).toContain('severity');
});
