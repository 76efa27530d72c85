import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';
import { signIn } from '../../support/sign-in.ts';
import { fakePage } from '../../support/status-page.ts';

const token = 'tok_Q2F0cw';
const ask = async (method: string, path: string, authorization?: string) => {
  const service = await startService({ API_TOKEN: token });
  const headers = new Headers(authorization === undefined ? {} : { authorization });
  return { service, response: await service.request(path, { method, headers }) };
};

it.each([
  ['GET', '/healthz', 200],
  ['HEAD', '/healthz', 200],
  ['GET', '/readyz', 200],
  ['HEAD', '/readyz', 200],
  ['POST', '/ingest/stripe', 400],
  ['GET', '/login', 200],
  ['HEAD', '/login', 200],
  ['GET', '/session', 200],
  ['GET', '/assets/style.css', 200],
  ['GET', '/assets/nothing.css', 404],
])('%s %s is open without the token', async (method, path, status) => {
  expect((await ask(method, path)).response.status).toBe(status);
});

it.each([
  ['POST', '/ingest/pull-status', 502],
  ['POST', '/destinations/pagerduty', 400],
  ['GET', '/destinations/pagerduty', 200],
  ['GET', '/events', 200],
  ['HEAD', '/events', 200],
  ['GET', '/events/evt_1', 404],
  ['GET', '/pages', 200],
  ['POST', '/ai/summarize', 400],
  ['GET', '/ingest/stripe', 405],
  ['GET', '/nowhere', 404],
  ['GET', '/healthz/more', 404],
  ['POST', '/assets/style.css', 405],
  ['GET', '/', 200],
  ['GET', '/live?limit=1', 400],
  ['GET', '/assets', 404],
  ['GET', '/logout', 405],
])('%s %s needs the token', async (method, path, status) => {
  fakePage();
  const { response } = await ask(method, path);
  expect(response.status).toBe(401);
  expect((await ask(method, path, `Bearer ${token}`)).response.status).toBe(status);
});

const noToken = 'this needs the header "Authorization: Bearer <API_TOKEN>", or a session: sign in at /login';
const wrongToken = 'the token is wrong: it is not the API_TOKEN of this service';

it.each([
  ['missing', undefined, noToken],
  ['empty', '', noToken],
  ['a scheme alone', 'Bearer', noToken],
  ['a scheme and a space', 'Bearer ', noToken],
  ['the token alone', token, noToken],
  ['another scheme', `Basic ${token}`, noToken],
  ['another token', 'Bearer tok_wrong', wrongToken],
  ['the beginning of the token', `Bearer ${token.slice(0, -1)}`, wrongToken],
  ['the token and more', `Bearer ${token}x`, wrongToken],
  ['the token in another case', `Bearer ${token.toLowerCase()}`, wrongToken],
  ['two spaces', `Bearer  ${token}`, noToken],
  ['something behind the token', `Bearer ${token} more`, noToken],
])('an Authorization header that is %s is answered 401', async (_, authorization, detail) => {
  const { response, service } = await ask('GET', '/events', authorization);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    detail,
    request_id: response.headers.get('x-request-id'),
  });
  expect(service.logged.of('request.answered')).toMatchObject([{ path: '/events', status: 401 }]);
  expect(service.logged.text()).not.toContain('tok_');
});

it('the scheme is taken in any case', async () => {
  expect((await ask('GET', '/events', `bearer ${token}`)).response.status).toBe(200);
});

it('without a token configured every route is open', async () => {
  const { request } = await startService();
  expect((await request('/events')).status).toBe(200);
});

const own = 'http://service.test';

it.each([
  ['the Origin of this service', { origin: own }, 400],
  ['a Sec-Fetch-Site of same-origin', { 'sec-fetch-site': 'same-origin' }, 400],
  [
    'a Sec-Fetch-Site of same-origin, behind a proxy that renames us',
    { 'sec-fetch-site': 'same-origin', origin: 'https://public.test' },
    400,
  ],
  ['https in front of a proxy that says so', { origin: 'https://service.test', 'x-forwarded-proto': 'https' }, 400],
  ['neither', {}, 403],
  ['another Origin', { origin: 'https://evil.test' }, 403],
  ['an Origin of the same name on another port', { origin: `${own}:8080` }, 403],
  ['an Origin of the same name over https', { origin: 'https://service.test' }, 403],
  ['an Origin that begins alike', { origin: `${own}.evil.test` }, 403],
  ['the Origin "null"', { origin: 'null' }, 403],
  ['a Sec-Fetch-Site of same-site', { 'sec-fetch-site': 'same-site', origin: own }, 403],
  ['a Sec-Fetch-Site of cross-site', { 'sec-fetch-site': 'cross-site', origin: own }, 403],
  ['a Sec-Fetch-Site of none', { 'sec-fetch-site': 'none' }, 403],
])('a change by a session that comes with %s is answered as it should be', async (_, headers, status) => {
  const service = await startService({ API_TOKEN: token });
  const https = 'x-forwarded-proto' in headers;
  const cookie = await signIn(service, token, https ? { 'x-forwarded-proto': 'https' } : {});
  const response = await service.request('/ai/summarize', { method: 'POST', headers: { ...headers, cookie } });
  expect(response.status).toBe(status);
  if (status === 403) expect(await response.json()).toMatchObject({ title: 'Forbidden', status: 403 });
});

it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
  '%s by a session needs to come from a page of this service',
  async (method) => {
    const service = await startService({ API_TOKEN: token });
    const headers = { cookie: await signIn(service, token) };
    expect((await service.request('/events', { method, headers })).status).toBe(403);
  },
);

it.each(['GET', 'HEAD', 'OPTIONS'])('%s by a session needs no proof of where it comes from', async (method) => {
  const service = await startService({ API_TOKEN: token });
  const headers = { cookie: await signIn(service, token), 'sec-fetch-site': 'cross-site' };
  expect((await service.request('/events', { method, headers })).status).toBe(method === 'OPTIONS' ? 405 : 200);
});

it.each([{}, { origin: 'https://evil.test' }, { 'sec-fetch-site': 'cross-site' }])(
  'a change by the token may come from anywhere, since no page can send it by itself: %j',
  async (headers) => {
    const { request } = await startService({ API_TOKEN: token });
    const init = { method: 'POST', headers: { ...headers, authorization: `Bearer ${token}` } };
    expect((await request('/ai/summarize', init)).status).toBe(400);
  },
);

it('a wrong token is not made good by a session, and the scheme of a proxy in front does no harm to one', async () => {
  const service = await startService({ API_TOKEN: token });
  const cookie = await signIn(service, token);
  const ask = async (authorization: string) =>
    (await service.request('/events', { headers: { cookie, authorization } })).status;
  expect(await ask('Bearer tok_wrong')).toBe(401);
  expect(await ask('Basic dXNlcjpwYXNz')).toBe(200);
});

it.each([
  ['/events?severity=critical&limit=5', '/login?next=%2Fevents%3Fseverity%3Dcritical%26limit%3D5'],
  ['/', '/login?next=%2F'],
  ['//evil.test/', '/login?next=%2F%2Fevil.test%2F'],
])('a browser that asks for %s without a session is sent to sign in', async (path, location) => {
  const { request } = await startService({ API_TOKEN: token });
  for (const method of ['GET', 'HEAD']) {
    const response = await request(path, { method, headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(location);
  }
});

it.each([
  ['asks for anything', 'GET', { accept: '*/*' }],
  ['asks for JSON', 'GET', { accept: 'application/json' }],
  ['posts', 'POST', { accept: 'text/html' }],
  ['brings a wrong token', 'GET', { accept: 'text/html', authorization: 'Bearer tok_wrong' }],
])('who %s without a session is answered 401', async (_, method, headers) => {
  const { request } = await startService({ API_TOKEN: token });
  expect((await request('/events', { method, headers })).status).toBe(401);
});

it.each([
  [{}, 400],
  [{ origin: own }, 400],
  [{ 'sec-fetch-site': 'same-origin' }, 400],
  [{ origin: 'https://evil.test' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
])('without a token configured a change with %j is answered %i', async (headers, status) => {
  const { request } = await startService();
  expect((await request('/ai/summarize', { method: 'POST', headers })).status).toBe(status);
});

it('a webhook is not asked where it comes from', async () => {
  for (const env of [{}, { API_TOKEN: token }]) {
    const { request } = await startService(env);
    const init = { method: 'POST', headers: { origin: 'https://evil.test' } };
    expect((await request('/ingest/stripe', init)).status).toBe(400);
  }
});

it.each(['GET', 'HEAD'])(
  'without a token configured %s of an open route is answered under any name',
  async (method) => {
    const { app } = await startService();
    const headers = { origin: 'http://rebound.example', 'sec-fetch-site': 'same-origin' };
    const request = new Request('http://rebound.example/healthz', { method, headers });
    expect((await app.fetch(request)).status).toBe(200);
  },
);
