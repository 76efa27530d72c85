import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';
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
])('%s %s needs the token', async (method, path, status) => {
  fakePage();
  const { response } = await ask(method, path);
  expect(response.status).toBe(401);
  expect((await ask(method, path, `Bearer ${token}`)).response.status).toBe(status);
});

it.each([
  ['missing', undefined],
  ['empty', ''],
  ['a scheme alone', 'Bearer'],
  ['a scheme and a space', 'Bearer '],
  ['the token alone', token],
  ['another scheme', `Basic ${token}`],
  ['another token', 'Bearer tok_wrong'],
  ['the beginning of the token', `Bearer ${token.slice(0, -1)}`],
  ['the token and more', `Bearer ${token}x`],
  ['the token in another case', `Bearer ${token.toLowerCase()}`],
  ['two spaces', `Bearer  ${token}`],
  ['something behind the token', `Bearer ${token} more`],
])('an Authorization header that is %s is answered 401', async (_, authorization) => {
  const { response, service } = await ask('GET', '/events', authorization);
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe('Bearer');
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Unauthorized',
    status: 401,
    detail: 'this needs the header "Authorization: Bearer <API_TOKEN>"',
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
