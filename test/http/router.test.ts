import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { createRouter } from '../../src/http/router.ts';

const create = () =>
  new Hono({ router: createRouter() })
    .use(async (c, next) => {
      await next();
      c.header('seen', c.req.path);
    })
    .get('/deliveries', (c) => c.text('list'))
    .post('/deliveries/retry', (c) => c.text('retry all'))
    .post('/deliveries/:id/retry', (c) => c.text(`retry ${c.req.param('id')}`))
    .get('/docs/*', (c) => c.text(`docs of ${c.req.path}`))
    .all('/deliveries', (c) => c.text('no', 405));

it.each([
  ['GET', '/deliveries', 'list'],
  ['PUT', '/deliveries', 'no'],
  ['POST', '/deliveries/retry', 'retry all'],
  ['POST', '/deliveries/one/retry', 'retry one'],
  ['POST', '/deliveries/two/retry', 'retry two'],
  ['GET', '/docs/a', 'docs of /docs/a'],
  ['GET', '/docs/b', 'docs of /docs/b'],
])('%s %s is answered by its own handler, however often it is asked', async (method, path, expected) => {
  const app = create();
  for (let time = 0; time < 3; time++) {
    const response = await app.request(path, { method });
    expect(await response.text()).toBe(expected);
    expect(response.headers.get('seen')).toBe(path);
  }
});

it('a path that no route has is not found, however often it is asked', async () => {
  const app = create();
  for (let time = 0; time < 3; time++) expect((await app.request('/nowhere')).status).toBe(404);
});
