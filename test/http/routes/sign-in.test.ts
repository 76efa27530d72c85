import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';
import { postToken, signIn } from '../../support/sign-in.ts';

const token = 'tok_Q2F0cw';
const start = (env: Readonly<Record<string, string>> = {}) => startService({ API_TOKEN: token, ...env });
const html = { accept: 'text/html' };

it('the form needs no script, names its field, and links the one stylesheet', async () => {
  const { request } = await start();
  const response = await request('/login?next=/events%3Fstate%3Dopen');
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=UTF-8');
  const page = await response.text();
  expect(page).toContain('<html lang="en">');
  expect(page).toContain('<form method="post" action="/login">');
  expect(page).toContain('<label for="token">');
  expect(page).toMatch(/<input id="token" name="token" type="password" autocomplete="current-password" required/);
  expect(page).toContain('<input type="hidden" name="next" value="/events?state=open">');
  expect(page).toContain('<link rel="stylesheet" href="/assets/base.css">');
  expect(page).not.toMatch(/<script|style=|role="alert"/);
});

it('what is asked for in next cannot become markup', async () => {
  const { request } = await start();
  const page = await (await request(`/login?next=${encodeURIComponent('/"><script>alert(1)</script>')}`)).text();
  expect(page).not.toContain('<script');
  expect(page).toContain('value="/%22%3E%3Cscript%3Ealert(1)%3C/script%3E"');
});

it('the right token gives a session, and leads to where one was going', async () => {
  const service = await start();
  const response = await postToken(service, token, { next: '/events?state=open' });
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/events?state=open');
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  expect((await service.request('/events', { headers: { cookie } })).status).toBe(200);
  expect(await (await service.request('/session', { headers: { cookie } })).json()).toEqual({
    required: true,
    signed_in: true,
  });
});

it.each([undefined, 'https://evil.test/', '//evil.test', '/\\evil.test', '/.//evil.test'])(
  'after signing in with next=%s one stays on this service',
  async (next) => {
    const response = await postToken(await start(), token, next === undefined ? {} : { next });
    expect(response.headers.get('location')).toBe('/');
  },
);

it('a form of several parts is taken as well', async () => {
  const { request } = await start();
  const body = new FormData();
  body.set('token', token);
  expect((await request('/login', { method: 'POST', body })).status).toBe(303);
});

it('a wrong token gives a browser the form again, and says why in it', async () => {
  const response = await postToken(await start(), 'wrong', { headers: html, next: '/pages' });
  expect(response.status).toBe(401);
  expect(response.headers.getSetCookie()).toEqual([]);
  const page = await response.text();
  expect(page).toContain('role="alert">Not signed in: this is not the token.<');
  expect(page).toContain('aria-describedby="problem"');
  expect(page).toContain('name="next" value="/pages"');
});

it('a wrong token gives others a problem', async () => {
  const response = await postToken(await start(), 'wrong');
  expect(response.status).toBe(401);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toMatchObject({ status: 401, detail: 'this is not the token' });
});

it.each([
  ['no form', { body: '{"token":"x"}', headers: { 'content-type': 'application/json' } }, 'a form with the field'],
  ['a form without the token', { body: new URLSearchParams({ name: 'x' }) }, 'a form with the field'],
  ['a broken form', { body: 'x', headers: { 'content-type': 'multipart/form-data' } }, 'is not a form'],
  ['nothing', {}, 'a form with the field'],
])('%s is answered 400', async (_, init, detail) => {
  const { request } = await start();
  const response = await request('/login', { method: 'POST', ...init });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining(detail) });
});

it.each([{ origin: 'https://evil.test' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])(
  'a form that another site sends is refused, with the right token too: %j',
  async (headers) => {
    const service = await start();
    for (const path of ['/login', '/logout']) {
      const body = new URLSearchParams({ token });
      const response = await service.request(path, { method: 'POST', body, headers });
      expect(response.status).toBe(403);
      expect(response.headers.getSetCookie()).toEqual([]);
    }
  },
);

it('signing out ends the session, also for whoever has a copy of its cookie', async () => {
  const service = await start();
  const cookie = await signIn(service, token);
  const headers = { cookie, origin: 'http://service.test' };
  const response = await service.request('/logout', { method: 'POST', headers });
  expect(response.status).toBe(303);
  expect(response.headers.get('location')).toBe('/login');
  expect(response.headers.getSetCookie()[0]).toMatch(/^vendor-signals-session=; Max-Age=0;/);
  expect((await service.request('/events', { headers: { cookie } })).status).toBe(401);
  expect(service.logged.of('session.ended')).toHaveLength(1);
});

it('signing out needs to come from a page of this service', async () => {
  const service = await start();
  const cookie = await signIn(service, token);
  expect((await service.request('/logout', { method: 'POST', headers: { cookie } })).status).toBe(403);
  expect((await service.request('/events', { headers: { cookie } })).status).toBe(200);
});

it('who is signed in is offered to sign out, and to go on', async () => {
  const service = await start();
  const cookie = await signIn(service, token);
  const page = await (await service.request('/login?next=/pages', { headers: { cookie } })).text();
  expect(page).toContain('<form method="post" action="/logout">');
  expect(page).toContain('<a href="/pages">');
  expect(page).not.toContain('name="token"');
});

it('a session ends with the token that it was given for, on another replica too', async () => {
  const cookie = await signIn(await start(), token);
  const ask = async (env: Readonly<Record<string, string>>) =>
    (await (await start(env)).request('/events', { headers: { cookie } })).status;
  expect(await ask({})).toBe(200);
  expect(await ask({ API_TOKEN: 'tok_rotated' })).toBe(401);
});

it('a session ends after twelve hours', async () => {
  const service = await start();
  const cookie = await signIn(service, token);
  const status = async () => (await service.request('/events', { headers: { cookie } })).status;
  service.clock.advance(12 * 3_600_000 - 1);
  expect(await status()).toBe(200);
  service.clock.advance(1);
  expect(await status()).toBe(401);
});

it('wrong tokens are slowed down, from the form and in the header together', async () => {
  const service = await start();
  const address = '203.0.113.9';
  const bearer = (given: string, from = address) =>
    service.request('/events', { headers: { authorization: `Bearer ${given}` } }, from);
  for (let n = 0; n < 5; n += 1) expect((await bearer('wrong')).status).toBe(401);
  for (let n = 0; n < 4; n += 1) expect((await postToken(service, 'wrong', { address })).status).toBe(401);
  expect((await postToken(service, 'wrong', { address })).status).toBe(429);

  const response = await bearer(token);
  expect(response.status).toBe(429);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({
    title: 'Too Many Requests',
    detail: 'too many wrong tokens: try again in 1 s',
  });
  const page = await postToken(service, token, { address, headers: html });
  expect(page.status).toBe(429);
  expect(page.headers.get('retry-after')).toBe('1');
  expect(await page.text()).toContain('Not signed in: too many wrong tokens: try again in 1 s.');

  expect((await bearer(token, '203.0.113.10')).status).toBe(200);
  service.clock.advance(1000);
  expect((await bearer('wrong')).headers.get('retry-after')).toBe('2');
  service.clock.advance(2000);
  expect((await bearer(token)).status).toBe(200);
});

it('neither a session nor a token that was right before is shut out by wrong ones from the same address', async () => {
  const service = await start();
  const address = '203.0.113.9';
  const ask = async (headers: Record<string, string>) =>
    (await service.request('/events', { headers }, address)).status;
  const cookie = await signIn(service, token);
  expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
  for (let n = 0; n < 40; n += 1) await ask({ authorization: 'Bearer wrong' });
  expect(await ask({ authorization: 'Bearer wrong' })).toBe(429);
  expect(await ask({ authorization: `Bearer ${token}` })).toBe(200);
  expect(await ask({ cookie })).toBe(200);
});

it('no token and no cookie is in any log line or any answer', async () => {
  const service = await start();
  const cookie = await signIn(service, token);
  const [, secret = ''] = cookie.split('=');
  const answers = [
    await postToken(service, 'tok_wrong', { headers: html }),
    await postToken(service, 'tok_wrong'),
    await service.request('/events', { headers: { authorization: 'Bearer tok_wrong' } }),
    await service.request('/ai/summarize', { method: 'POST', headers: { cookie } }),
    await service.request('/session', { headers: { cookie } }),
    await service.request('/logout', { method: 'POST', headers: { cookie, origin: 'http://service.test' } }),
    await service.request('/login', { method: 'POST', body: new URLSearchParams({ tok_field: token }) }),
  ];
  const texts = [service.logged.text(), ...(await Promise.all(answers.map((answer) => answer.text())))];
  for (const text of texts) for (const hidden of [token, 'tok_wrong', secret]) expect(text).not.toContain(hidden);
  expect(service.logged.of('session.started')).toHaveLength(1);
});

it('without a token configured there is nothing to sign in to', async () => {
  const service = await startService();
  expect(await (await service.request('/session')).json()).toEqual({ required: false, signed_in: false });
  for (const response of [
    await service.request('/login?next=/events'),
    await postToken(service, 'x', { next: '/events' }),
  ]) {
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe('/events');
    expect(response.headers.getSetCookie()).toEqual([]);
  }
});
