import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { HttpEnv } from '../../src/http/env.ts';
import { listen } from '../../src/http/listen.ts';
import { aroundRequest } from '../../src/http/middleware/around-request.ts';
import { requestId } from '../../src/http/middleware/request-id.ts';
import { securityHeaders } from '../../src/http/middleware/security-headers.ts';
import { renderError } from '../../src/http/problem.ts';
import { collectLog } from '../support/log.ts';
import { network } from '../support/network.ts';
import { startService } from '../support/service.ts';

// Here it is about bytes on real sockets, which msw would hold back until they are a request.
beforeAll(() => network.close());
afterAll(() => network.listen({ onUnhandledFrame: 'error' }));

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

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));

it.runIf(hasIpv6).each(['::1', '::'])('listening at %s it reaches itself by IPv6', async (host) => {
  const listener = await listen(hello, { port: 0, host });
  expect(listener.url).toBe(`http://[::1]:${listener.port}`);
  expect(await (await fetch(listener.url)).text()).toBe('hello');
  await listener.close();
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
  ['has headers of 20 kB', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers'],
  ['has a host that is none', 'GET / HTTP/1.1\r\nHost: x y\r\nConnection: close\r\n\r\n', 400, 'Invalid URL'],
  ['has two hosts', 'GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n', 400, 'Invalid URL'],
  ['has one host twice', 'GET / HTTP/1.0\r\nHost: x\r\nHost: x\r\n\r\n', 400, 'Invalid URL'],
  ['has two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400, 'not HTTP'],
  [
    'has a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    400,
    'not HTTP',
  ],
  ['has no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'Missing host header'],
  ['asks for a tunnel', 'CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n', 405, 'no proxy'],
  ['has a backslash in its path', 'GET /a\\b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400, 'Backslash'],
])('a request that %s is answered with a problem and a request id', async (_what, bytes, status, detail) => {
  const echo = (request: Request) => new Response(request.url);
  const logged = collectLog();
  const { port, close } = await listen(echo, { port: 0, host: '127.0.0.1' }, { log: logged.log });
  const [head = '', body = ''] = (await exchange(port, bytes)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  for (const [name, value] of Object.entries(securityHeaders))
    expect(head.toLowerCase()).toContain(`${name}: ${value.toLowerCase()}`);
  const problem = JSON.parse(body);
  expect(problem).toMatchObject({ type: 'about:blank', status, detail: expect.stringContaining(detail) });
  expect(head.toLowerCase()).toContain(`x-request-id: ${problem.request_id}`);
  expect(logged.of('request.malformed')).toMatchObject([{ request_id: problem.request_id, status }]);
  await close();
});

it('a client that goes away in the middle of its body alarms nobody', async () => {
  const logged = collectLog();
  const arrived = Promise.withResolvers<void>();
  const failed = Promise.withResolvers<Response>();
  const app = new Hono<HttpEnv>();
  app.use(aroundRequest([requestId]));
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

it.each(['/healthz', '/readyz'])('a health check by HTTP/1.0 without a host is answered: %s', async (path) => {
  const service = await startService();
  const { port, close } = await listen(service.app.fetch, { port: 0, host: '127.0.0.1' });
  const answer = await exchange(port, `GET ${path} HTTP/1.0\r\n\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toContain('"ok":true');
  await close();
});

it('an idle connection is kept longer than Google’s load balancer keeps it, which is ten minutes', async () => {
  const { url, close } = await listen(hello, { port: 0, host: '127.0.0.1' });
  const keptSeconds = Number(/timeout=(\d+)/.exec((await fetch(url)).headers.get('keep-alive') ?? '')?.[1]);
  expect(keptSeconds).toBeGreaterThan(600);
  await close();
});

it('an expectation that nobody knows is passed over, and the answer has its request id', async () => {
  const service = await startService();
  const { port, close } = await listen(service.app.fetch, { port: 0, host: '127.0.0.1' });
  const answer = await exchange(port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nExpect: more\r\nConnection: close\r\n\r\n');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(answer).toMatch(/^x-request-id: \S+\r$/im);
  await close();
});

/** Connects, sends bytes, and never closes its own side. */
const holdOpen = (port: number, bytes: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => {
      if (bytes !== '') socket.write(bytes);
      resolve(socket);
    });
    // Being reset is what happens to a client that goes on after the end.
    socket.once('error', reject);
    onTestFinished(() => {
      socket.destroy();
    });
  });

it.each([
  ['no HTTP', 'garbage\r\n\r\n'],
  ['half of its headers', 'GET / HTTP/1.1\r\nHost: x\r\n'],
  ['half of its body', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc'],
  ['nothing', ''],
])('clients that send %s and never close keep no descriptor', async (_, bytes) => {
  const { port, connections, close } = await listen(
    async (request) => new Response(await request.text()),
    { port: 0, host: '127.0.0.1' },
    { timeouts: { headersTimeout: 300, requestTimeout: 300, connectionsCheckingInterval: 50 } },
  );
  const sockets = await Promise.all(Array.from({ length: 50 }, () => holdOpen(port, bytes)));
  // They have heard that it is over, and keep their own side open all the same.
  await Promise.all(sockets.map((socket) => once(socket.resume(), 'end')));
  await expect.poll(connections, { timeout: 10_000 }).toBe(0);
  await close();
});

it('a full server refuses further connections, says so once, and takes new ones when there is room', async () => {
  const logged = collectLog();
  const { port, url, connections, close } = await listen(
    hello,
    { port: 0, host: '127.0.0.1' },
    { maxConnections: 5, log: logged.log },
  );
  const held = await Promise.all(Array.from({ length: 5 }, () => holdOpen(port, 'GET / HT')));
  await expect.poll(connections, { timeout: 10_000 }).toBe(5);
  for (let n = 0; n < 3; n += 1) await expect(fetch(url)).rejects.toThrow('fetch failed');
  expect(logged.of('server.connections_full')).toMatchObject([{ level: 'warn', max_connections: 5, refused: 1 }]);
  for (const socket of held) socket.destroy();
  await expect.poll(connections, { timeout: 10_000 }).toBe(0);
  expect(await (await fetch(url, { headers: { connection: 'close' } })).text()).toBe('hello');
  await close();
});

it('a full server makes room by closing connections that are idle', async () => {
  const { port, url, connections, close } = await listen(hello, { port: 0, host: '127.0.0.1' }, { maxConnections: 3 });
  const idle = await Promise.all(Array.from({ length: 3 }, () => holdOpen(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n')));
  await Promise.all(idle.map((socket) => once(socket, 'data')));
  await expect(fetch(url)).rejects.toThrow('fetch failed');
  await expect.poll(connections, { timeout: 10_000 }).toBe(0);
  expect(await (await fetch(url, { headers: { connection: 'close' } })).text()).toBe('hello');
  await close();
});

it('a flood of bytes that are no HTTP becomes a few log lines', async () => {
  const logged = collectLog();
  const { port, close } = await listen(hello, { port: 0, host: '127.0.0.1' }, { log: logged.log });
  for (let n = 0; n < 60; n += 1) await exchange(port, 'garbage\r\n\r\n');
  expect(logged.of('request.malformed').filter((line) => 'status' in line)).toHaveLength(20);
  await expect
    .poll(() => logged.of('request.malformed').reduce((sum, { count }) => sum + Number(count ?? 0), 0), {
      timeout: 10_000,
    })
    .toBe(40);
  await close();
});

it('closing does not wait for connections that have never sent anything', async () => {
  const { port, connections, close } = await listen(hello, { port: 0, host: '127.0.0.1' });
  await holdOpen(port, '');
  await expect.poll(connections, { timeout: 10_000 }).toBe(1);
  await close();
});

it('a client that does not read its answer is cut off', async () => {
  const { port, connections, close } = await listen(
    () => new Response('x'.repeat(50_000_000)),
    { port: 0, host: '127.0.0.1' },
    { timeouts: { silenceTimeout: 300 } },
  );
  const socket = await holdOpen(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  socket.pause();
  await expect.poll(connections, { timeout: 10_000 }).toBe(0);
  await close();
});
