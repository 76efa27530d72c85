import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { expect, it } from 'vitest';
import type { HttpEnv } from '../../src/http/env.ts';
import { aroundRequest } from '../../src/http/middleware/around-request.ts';
import { requestId } from '../../src/http/middleware/request-id.ts';
import { Problem, renderError } from '../../src/http/problem.ts';
import { StoreUnavailable } from '../../src/lib/errors.ts';
import { createMemoryStore } from '../../src/stores/memory/store.ts';
import { collectLog } from '../support/log.ts';
import { startService } from '../support/service.ts';

const throwing = async (error: Error) => {
  const logged = collectLog();
  const app = new Hono<HttpEnv>();
  app.use(aroundRequest([requestId]));
  app.get('/', () => {
    throw error;
  });
  app.onError(renderError(logged.log));
  const response = await app.request('/', { headers: { 'x-request-id': 'req-1' } });
  return { response, body: await response.json(), logged };
};

it.each([
  [
    'a problem as it says',
    new Problem({ status: 400, detail: 'no', errors: [{ path: 'a.b', message: 'odd' }], headers: { 'x-more': '1' } }),
    { title: 'Bad Request', status: 400, detail: 'no', errors: [{ path: 'a.b', message: 'odd' }] },
    { 'x-more': '1' },
  ],
  [
    'a store that is full as 503, with when to come back',
    new StoreUnavailable('store_full', 'all 10 stored events still have a delivery pending'),
    {
      title: 'Service Unavailable',
      status: 503,
      detail: 'the event store cannot do this now: all 10 stored events still have a delivery pending',
    },
    { 'retry-after': '5' },
  ],
  [
    'an exception of Hono with its status',
    new HTTPException(418, { message: 'a teapot' }),
    { title: 'Error', status: 418, detail: 'a teapot' },
    {},
  ],
])('renders %s', async (_, error, body, headers) => {
  const { response, body: answered, logged } = await throwing(error);
  expect(response.status).toBe(body.status);
  expect(answered).toEqual({ type: 'about:blank', request_id: 'req-1', ...body });
  expect(Object.fromEntries(response.headers)).toEqual({
    'content-type': 'application/problem+json',
    'x-request-id': 'req-1',
    ...headers,
  });
  expect(logged.lines).toEqual([]);
});

it('an unexpected error is hidden from the caller and logged with its stack', async () => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  const broken = {
    ...store,
    listEvents: () => Promise.reject(new Error('connect to postgres://jane:hunter2@db failed')),
  };
  const { request, logged } = await startService({}, { store: broken });
  const response = await request('/events', { headers: { 'x-request-id': 'req-1' } });
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Internal Server Error',
    status: 500,
    detail: 'something broke on our side; the log has it under this request_id',
    request_id: 'req-1',
  });
  expect(logged.of('request.broken')).toMatchObject([
    {
      level: 'error',
      request_id: 'req-1',
      error: 'connect to postgres://jane:hunter2@db failed',
      stack: expect.stringContaining('problem.test.ts'),
    },
  ]);
  expect(logged.of('request.answered')).toMatchObject([{ level: 'warn', status: 500, request_id: 'req-1' }]);
});

it.each([
  ['GET', '/events'],
  ['GET', '/events/evt_1'],
])('%s %s is answered 503 with Retry-After while the store cannot answer', async (method, path) => {
  const store = createMemoryStore({ eventCapacity: 10, dedupeCapacity: 10 });
  const reject = () => Promise.reject(new StoreUnavailable('store_unavailable', 'it is away'));
  const { request } = await startService({}, { store: { ...store, listEvents: reject, readEvent: reject } });
  const response = await request(path, { method });
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('5');
  expect(await response.json()).toMatchObject({ detail: 'the event store cannot do this now: it is away' });
});
