import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const echoed = async (given?: string) => {
  const { request } = await startService();
  const response = await request('/healthz', given === undefined ? {} : { headers: { 'x-request-id': given } });
  return response.headers.get('x-request-id') ?? '';
};

it.each(['a', 'req-1', 'A.b_c-9', '...', 'x'.repeat(128)])('the request id "%s" is kept', async (given) => {
  expect(await echoed(given)).toBe(given);
});

it.each([
  ['none', undefined],
  ['an empty one', ''],
  ['129 characters', 'x'.repeat(129)],
  ['a space inside', 'a b'],
  ['an equals sign', 'a=b'],
  ['a slash', 'a/b'],
  ['letters beyond ASCII', 'grün'],
  ['markup', '<script>'],
  ['two of them', 'a, b'],
])('%s is replaced by a new request id', async (_, given) => {
  const [one, another] = [await echoed(given), await echoed(given)];
  expect(one).toMatch(uuid);
  expect(another).toMatch(uuid);
  expect(one).not.toBe(another);
});

it.each([
  ['POST', '/ingest/stripe', 400],
  ['GET', '/events?limit=0', 400],
  ['GET', '/events/none', 404],
  ['GET', '/nowhere', 404],
  ['DELETE', '/events', 405],
])('%s %s sends the request id with its %i, in the header and in the body', async (method, path, status) => {
  const { request } = await startService();
  const response = await request(path, { method, headers: { 'x-request-id': 'req-1' } });
  expect(response.status).toBe(status);
  expect(response.headers.get('x-request-id')).toBe('req-1');
  expect(await response.json()).toMatchObject({ request_id: 'req-1' });
});
