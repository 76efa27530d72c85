import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { HttpEnv } from '../../../src/http/env.ts';
import { aroundRequest } from '../../../src/http/middleware/around-request.ts';
import { countRequest } from '../../../src/http/middleware/count-request.ts';

const observed: (readonly [string, string, number])[] = [];
const app = new Hono<HttpEnv>()
  .use(
    aroundRequest(
      [],
      [
        countRequest({
          answered(method, route, status, seconds) {
            expect(seconds).toBeGreaterThanOrEqual(0);
            observed.push([method, route, status]);
          },
        }),
      ],
    ),
  )
  .use(async (c, next) => {
    if (!c.req.header('authorization')) return c.text('no', 401);
    return next();
  })
  .get('/events/:eventId', (c) => c.text('found'))
  .get('/broken', () => {
    throw new Error('broken');
  });
app.all('/events/:eventId', (c) => c.text('no', 405));
app.onError((_error, c) => c.text('broken', 500));

it.each([
  ['GET', '/events/evt_1', true, 'GET /events/:eventId 200'],
  ['HEAD', '/events/evt_1', true, 'HEAD /events/:eventId 200'],
  ['PUT', '/events/evt_1', true, 'PUT /events/:eventId 405'],
  ['GET', '/broken', true, 'GET /broken 500'],
  ['GET', '/nowhere', true, 'GET none 404'],
  ['GET', '/events/evt_1', false, 'GET none 401'],
])('%s %s is observed by its route (with a token: %j)', async (method, path, hasToken, expected) => {
  observed.length = 0;
  await app.request(path, { method, headers: hasToken ? { authorization: 'Bearer x' } : {} });
  expect(observed.map((each) => each.join(' '))).toEqual([expected]);
});
