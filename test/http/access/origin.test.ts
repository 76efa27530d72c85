import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { createOrigins } from '../../../src/http/access/origin.ts';
import { startService } from '../../support/service.ts';
import { signIn } from '../../support/sign-in.ts';
import { signed, stripeEvent } from '../../support/stripe.ts';

const token = 'tok_Q2F0cw';
const publicUrl = 'https://ops.acme.test:8443/signals';

/** Asks as a browser that knows this service by a name; the page that asks has that name too. */
const askBy = async (
  host: string,
  { method = 'POST', path = '/ai/summarize', env = {}, headers = {} }: Partial<Asked> = {},
): Promise<{ readonly status: number; readonly detail: unknown }> => {
  const service = await startService({ PUBLIC_URL: publicUrl, ...env });
  const cookie = env.API_TOKEN ? await signIn(service, env.API_TOKEN) : '';
  const request = new Request(`http://${host}${path}`, {
    method,
    headers: { origin: `http://${host}`, ...(cookie && { cookie }), ...headers },
  });
  const response = await service.app.fetch(request, {});
  const body = await response.text();
  return { status: response.status, detail: body.startsWith('{') ? JSON.parse(body).detail : undefined };
};

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

const ours = [
  'localhost:3000',
  'LOCALHOST',
  'localhost.',
  'signals.localhost:3000',
  '127.0.0.1:3000',
  '127.9.9.9',
  '[::1]:3000',
  '192.168.1.5:3000',
  'ops.acme.test:8443',
  'ops.acme.test',
];
const foreign = [
  'evil.test:3000',
  'localhost.evil.test',
  '127.0.0.1.evil.test',
  'ops.acme.test.evil.test',
  'signals:3000',
];

it.each(ours)('a change that a page at %s asks for is let in', async (host) => {
  // A body that is none: it has come as far as the route.
  expect((await askBy(host.toLowerCase())).status).toBe(400);
  expect((await askBy(host.toLowerCase(), { env: { API_TOKEN: token } })).status).toBe(400);
});

it.each(foreign)('a change that a page at %s asks for is refused, whatever address that name has', async (host) => {
  for (const env of [{}, { API_TOKEN: token }]) {
    for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }]) {
      const { status, detail } = await askBy(host, { env, headers });
      expect(status).toBe(403);
      expect(detail).toBe(`this service is not known as "${host}": set PUBLIC_URL to the address in the browser`);
    }
  }
});

it('reading is refused, too, when a page says that it has a foreign name', async () => {
  expect((await askBy('evil.test', { method: 'GET', path: '/events' })).status).toBe(403);
});

it.each(['/login', '/logout'])('a form at %s is refused under a foreign name', async (path) => {
  expect((await askBy('evil.test', { path, env: { API_TOKEN: token } })).status).toBe(403);
});

it.each(['signals:3000', 'abc.tunnel.test', 'vendor-signals'])(
  'who sends no Origin may call us %s: compose names and tunnels go on working',
  async (host) => {
    const { app } = await startService({ PUBLIC_URL: publicUrl });
    const ask = async (path: string, method: string) =>
      (await app.fetch(new Request(`http://${host}${path}`, { method }), {})).status;
    expect([await ask('/events', 'GET'), await ask('/ai/summarize', 'POST')]).toEqual([200, 400]);
  },
);

it('a Bearer token and a webhook may come under any name, with any Origin', async () => {
  const { app, clock } = await startService({ PUBLIC_URL: publicUrl, API_TOKEN: token });
  const evil = 'http://evil.test';
  const headers = { origin: evil, authorization: `Bearer ${token}` };
  expect((await app.fetch(new Request(`${evil}/events`, { headers }), {})).status).toBe(200);
  const { body, headers: signature } = signed(stripeEvent('evt_1', 'charge.succeeded'), clock.now());
  const init = { method: 'POST', body: String(body), headers: { ...(signature as object), origin: evil } };
  expect((await app.fetch(new Request(`${evil}/ingest/stripe`, init), {})).status).toBe(200);
});

it('behind a proxy that renames us the origin of PUBLIC_URL is ours', async () => {
  expect((await askBy('backend', { headers: { origin: 'https://ops.acme.test:8443' } })).status).toBe(400);
  expect((await askBy('backend', { headers: { origin: 'https://ops.acme.test' } })).status).toBe(403);
});

it.each<[string, string, Record<string, string>, boolean]>([
  ['the name and port that people see', 'http://ops.acme.test:8443/', {}, true],
  ['another port', 'http://ops.acme.test:3000/', {}, false],
  [
    'a name of a proxy, by a page that people see',
    'http://10.0.0.1:3000/',
    { origin: 'https://ops.acme.test:8443' },
    true,
  ],
  ['a name of a proxy', 'http://10.0.0.1:3000/', {}, false],
])('a browser that asks by %s asks at PUBLIC_URL, or not', async (_by, url, headers, expected) => {
  const origins = createOrigins(publicUrl);
  const app = new Hono().get('/', (c) => c.json(origins.isPublic(c)));
  expect(await (await app.request(url, { headers })).json()).toBe(expected);
});
