import { expect, it, onTestFinished } from 'vitest';
import { createBasePath } from '../../src/http/base-path.ts';
import { listen } from '../../src/http/listen.ts';
import { readLive } from '../support/live.ts';
import { fakePagerDuty } from '../support/pagerduty.ts';
import { type ProxyOptions, startPathProxy } from '../support/path-proxy.ts';
import { startService } from '../support/service.ts';
import { stripeEvent } from '../support/stripe.ts';

it.each([
  ['/signals', '/'],
  ['/signals/', '/'],
  ['/signals/events', '/events'],
  ['/events', '/events'],
  ['/signalsx', '/signalsx'],
  ['/signals/signals/events', '/signals/events'],
  ['/', '/'],
])('under /signals %s is our %s', (asked, path) => {
  expect(createBasePath('https://ops.test/signals').strip(asked)).toBe(path);
});

it.each([
  ['/signals/alerts/arn:aws::event/SQS/1', '/alerts/arn:aws::event%2FSQS%2F1'],
  ['/events/arn:aws::event/SQS/1/resolve', '/events/arn:aws::event%2FSQS%2F1/resolve'],
  ['/events/arn:aws::event%2FSQS%2F1', '/events/arn:aws::event%2FSQS%2F1'],
  ['/alerts/evt_1/resolve', '/alerts/evt_1/resolve'],
  ['/alerts', '/alerts'],
  ['/deliveries/dlv_1/retry', '/deliveries/dlv_1/retry'],
])('of %s, where a proxy may have decoded the id, our path is %s', (asked, path) => {
  const { pathOf } = createBasePath('https://ops.test/signals');
  expect(pathOf(new Request(`https://ops.test${asked}`))).toBe(path);
});

it.each([null, 'https://ops.test', 'https://ops.test/'])('%s has no base path', (publicUrl) => {
  const { path, strip } = createBasePath(publicUrl);
  expect([path, strip('/signals/events'), strip('/')]).toEqual(['', '/signals/events', '/']);
});

const token = 'tok_of_16_letters';

const startBehind = async (options: ProxyOptions) => {
  const own = { url: '' };
  const proxy = await startPathProxy(() => own.url, options);
  const base = `${proxy}/signals`;
  const service = await startService({ PUBLIC_URL: base, API_TOKEN: token });
  const listener = await listen(service.app.fetch, { port: 0, host: '127.0.0.1' });
  own.url = listener.url;
  onTestFinished(() => listener.close());
  return { service, base, own: listener.url };
};

const html = { accept: 'text/html' };
const kinds = [
  { strips: true, renames: false },
  { strips: true, renames: true },
  { strips: false, renames: false },
  { strips: false, renames: true },
];

it.each(kinds)(
  'behind a proxy (%j) a browser signs in, sees the dashboard, changes something and signs out',
  async (options) => {
    const { base } = await startBehind(options);
    const origin = new URL(base).origin;
    const follow = (location: string | null, from: string) => new URL(location ?? '', from).href;

    const first = await fetch(`${base}/?event=evt_1`, { headers: html, redirect: 'manual' });
    expect(first.status).toBe(303);
    const form = follow(first.headers.get('location'), base);
    expect(form).toBe(`${base}/login?next=${encodeURIComponent('/?event=evt_1')}`);
    const page = await (await fetch(form, { headers: html })).text();
    const [, action = ''] = /action="([^"]+)"/.exec(page) ?? [];
    const [, style = ''] = /rel="stylesheet" href="([^"]+)"/.exec(page) ?? [];
    expect((await fetch(follow(style, form))).status).toBe(200);

    const body = new URLSearchParams({ token, next: '/?event=evt_1' });
    const signedIn = await fetch(follow(action, form), {
      method: 'POST',
      body,
      headers: { origin },
      redirect: 'manual',
    });
    expect(follow(signedIn.headers.get('location'), form)).toBe(`${base}/?event=evt_1`);
    const set = signedIn.headers.getSetCookie()[0] ?? '';
    expect(set).toContain('; Path=/signals;');
    const cookie = set.split(';')[0] ?? '';

    const dashboard = await (await fetch(`${base}/`, { headers: { ...html, cookie } })).text();
    const named = [...dashboard.matchAll(/(?:src|href|action)="([^"#]+)"/g)].map(([, address]) =>
      follow(address ?? '', `${base}/`),
    );
    expect(named.length).toBeGreaterThan(5);
    for (const address of named) expect(address.startsWith(`${base}/`), address).toBe(true);
    for (const asset of named.filter((address) => address.includes('/assets/')))
      expect((await fetch(asset)).status, asset).toBe(200);

    const change = await fetch(`${base}/ai/summarize`, {
      method: 'POST',
      body: '{"text":"x"}',
      headers: { cookie, origin },
    });
    expect(change.status).toBe(200);
    const out = await fetch(`${base}/logout`, { method: 'POST', headers: { cookie, origin }, redirect: 'manual' });
    expect(follow(out.headers.get('location'), base)).toBe(`${base}/login`);
    expect((await fetch(`${base}/events`, { headers: { cookie } })).status).toBe(401);
  },
);

it.each(kinds)('behind a proxy (%j) the live stream, the docs and their document work', async (options) => {
  const { service, base } = await startBehind(options);
  const headers = { authorization: `Bearer ${token}` };
  const { body } = await fetch(`${base}/live`, { headers });
  if (!body) throw new Error('there is no body');
  const reader = readLive(body);
  expect(await reader.take(1)).toEqual(['ready']);
  await service.postStripe(stripeEvent('evt_1', 'customer.created'));
  expect(await reader.take(1)).toEqual(['changed evt_1']);
  await reader.close();

  const docs = await (await fetch(`${base}/docs`, { headers })).text();
  for (const [, address = ''] of docs.matchAll(/(?:src|href)="(docs\/[^"]+)"/g))
    expect((await fetch(new URL(address, `${base}/docs`), { headers })).status, address).toBe(200);
  const document = JSON.parse(await (await fetch(`${base}/openapi.json`, { headers })).text());
  expect(document.servers).toEqual([{ url: '/signals' }]);
});

it('an alert whose id has slashes is shown and resolved through a proxy that decodes them', async () => {
  fakePagerDuty();
  const { service, own } = await startBehind({ strips: true, renames: false });
  const id = 'arn:aws:health:eu-west-1::event/SQS/ISSUE/1';
  await service.postStripe(stripeEvent(id, 'payout.failed'));
  const headers = { authorization: `Bearer ${token}` };
  for (const path of [`alerts/${id}`, `events/${id}`])
    expect((await fetch(`${own}/${path}`, { headers })).status, path).toBe(200);
  const link = await fetch(`${own}/alerts/${id}`, { headers: { ...headers, ...html }, redirect: 'manual' });
  expect(link.headers.get('location')).toBe(`/signals/?${new URLSearchParams({ alert: id })}`);
  const resolved = await fetch(`${own}/alerts/${id}/resolve`, { method: 'POST', headers });
  expect(resolved.status).toBe(200);
});

it('on its own port everything answers with the path and without it', async () => {
  const { own } = await startBehind({ strips: true, renames: false });
  for (const base of [own, `${own}/signals`]) {
    expect(await (await fetch(`${base}/healthz`)).text()).toBe('{"ok":true}');
    expect((await fetch(`${base}/ingest/stripe`, { method: 'POST' })).status).toBe(400);
    expect((await fetch(`${base}/events`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await fetch(`${base}/nowhere`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404);
    const body = new URLSearchParams({ token });
    const signedIn = await fetch(`${base}/login`, {
      method: 'POST',
      body,
      headers: { origin: own },
      redirect: 'manual',
    });
    expect(signedIn.headers.getSetCookie()[0]).toContain(base === own ? '; Path=/;' : '; Path=/signals;');
  }
});

it('over https a cookie for a path is secure, though a browser would not take it as __Host-', async () => {
  const { request } = await startService({ PUBLIC_URL: 'https://service.test/signals', API_TOKEN: token });
  const headers = { 'x-forwarded-proto': 'https', origin: 'https://service.test' };
  const body = new URLSearchParams({ token });
  const set = (await request('/login', { method: 'POST', headers, body })).headers.getSetCookie()[0] ?? '';
  expect(set).toMatch(/^__Secure-vendor-signals-session=[^;]+; Max-Age=43200; Path=\/signals; HttpOnly; Secure; /);
  const cookie = set.split(';')[0] ?? '';
  expect((await request('/events', { headers: { cookie, 'x-forwarded-proto': 'https' } })).status).toBe(200);
  expect((await request('/events', { headers: { cookie } })).status).toBe(401);
});

it('the path without its slash leads to the one with it, which the addresses in the dashboard are relative to', async () => {
  const { request } = await startService({ PUBLIC_URL: 'http://service.test/signals' });
  const response = await request('/signals?event=evt_1');
  expect([response.status, response.headers.get('location')]).toEqual([308, '/signals/?event=evt_1']);
  expect((await request('/signals/')).status).toBe(200);
});
