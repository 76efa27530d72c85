import { connect } from 'node:net';
import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { HttpEnv } from '../../src/http/env.ts';
import { listen } from '../../src/http/listen.ts';
import { requestId } from '../../src/http/middleware/request-id.ts';
import { securityHeaders } from '../../src/http/middleware/security-headers.ts';
import { renderError } from '../../src/http/problem.ts';
import { collectLog } from '../support/log.ts';

const hello = async () => new Response('hello');

it.each([
  ['127.0.0.1', '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
])('listening at %s picks a free port and reaches itself at %s', async (host, address) => {
  const listener = await listen(hello, { port: 0, host });
  expect(listener.port).toBeGreaterThan(0);
  expect(listener.url).toBe(`http://${address}:${listener.port}`);
  expect(await (await fetch(listener.url)).text()).toBe('hello');
  await listener.close();
  await expect(fetch(listener.url)).rejects.toThrow('fetch failed');
});

it('a port that is taken is refused', async () => {
  const { port, close } = await listen(hello, { port: 0, host: '127.0.0.1' });
  await expect(listen(hello, { port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await close();
});

it('closing waits for the request under way, and takes no new one', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Response>();
  const listener = await listen(
    () => {
      arrived.resolve();
      return answer.promise;
    },
    { port: 0, host: '127.0.0.1' },
  );
  const underWay = fetch(listener.url);
  await arrived.promise;
  const closed = listener.close();
  await expect(fetch(listener.url)).rejects.toThrow('fetch failed');
  answer.resolve(new Response('late'));
  expect(await (await underWay).text()).toBe('late');
  await closed;
});

/** Sends these bytes on a connection of their own, and gives what comes back until it is closed. */
const exchange = (port: number, bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

it.each([
  ['is no HTTP', 'garbage\r\n\r\n', 400, 'not HTTP'],
  ['folds a header over two lines', 'GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\n b\r\n\r\n', 400, 'not HTTP'],
  ['has headers of 20 kB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'not HTTP'],
  ['has a host that is none', 'GET / HTTP/1.1\r\nHost: x y\r\nConnection: close\r\n\r\n', 400, 'Invalid URL'],
  ['has no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'Missing host header'],
  ['has a backslash in its path', 'GET /a\\b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'Backslash'],
])('a request that %s is answered with a problem and a request id', async (_what, bytes, status, detail) => {
  const echo = (request: Request) => new Response(request.url);
  const { port, close } = await listen(echo, { port: 0, host: '127.0.0.1' });
  const [head = '', body = ''] = (await exchange(port, bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  for (const [name, value] of Object.entries(securityHeaders))
    expect(head.toLowerCase()).toContain(`${name}: ${value.toLowerCase()}`);
  const problem = JSON.parse(body);
  expect(problem).toMatchObject({ type: 'about:blank', status, detail: expect.stringContaining(detail) });
  expect(head.toLowerCase()).toContain(`x-request-id: ${problem.request_id}`);
  await close();
});

it('a client that goes away in the middle of its body alarms nobody', async () => {
  const logged = collectLog();
  const arrived = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<Response>();
  const app = new Hono<HttpEnv>();
  app.use(requestId());
  app.post('/', async (c) => {
    arrived.resolve();
    return c.body(await c.req.arrayBuffer());
  });
  app.onError((error, c) => {
    const response = renderError(logged.log)(error, c);
    failed.resolve(response.clone());
    return response;
  });
  const { port, close } = await listen(app.fetch, { port: 0, host: '127.0.0.1' });
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
  await arrived.promise;
  socket.destroy();
  expect(await (await failed.promise).json()).toMatchObject({ status: 400, detail: 'the request was cut off' });
  expect(logged.lines).toEqual([]);
  await close();
});
