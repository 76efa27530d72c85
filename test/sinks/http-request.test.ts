import { spawnSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { http, passthrough } from 'msw';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { createHttpClient, type HttpClient, noProxySettings } from '../../src/lib/http-client.ts';
import { httpRequest } from '../../src/sinks/http-request.ts';
import { startHttpServer } from '../support/http-server.ts';
import { network } from '../support/network.ts';

const post = { method: 'POST', headers: {}, body: '{}', timeoutMs: 5000 } as const;
const clients: HttpClient[] = [];
const clientWith = (settings = noProxySettings) => {
  const client = createHttpClient(settings);
  clients.push(client);
  return client;
};
// Real sockets, for what is asked here is how they behave.
beforeEach(() => network.use(http.all('*', () => passthrough())));
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

it('keeps its connections: ten requests after each other use one', async () => {
  const ports = new Set<number | undefined>();
  const origin = await startHttpServer((request, response) => {
    ports.add(request.socket.remotePort);
    request.resume().on('end', () => response.writeHead(202).end('ok'));
  });
  const client = clientWith();
  for (let at = 0; at < 10; at++)
    expect(await httpRequest(client, origin, post)).toMatchObject({ kind: 'answered', status: 202, text: 'ok' });
  expect(ports.size).toBe(1);
});

it('goes through a proxy, but not for loopback addresses and what NO_PROXY names', async () => {
  const asked: string[] = [];
  const proxy = await startHttpServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('proxied');
  });
  const own = await startHttpServer((_request, response) => response.end('direct'));
  const client = clientWith({ http: proxy, https: null, noProxy: ['.internal.test'] });
  // The proxy is asked for what cannot be resolved here.
  expect(await httpRequest(client, 'http://pager.invalid/x', post)).toMatchObject({ text: 'proxied' });
  expect(await httpRequest(client, own, post)).toMatchObject({ text: 'direct' });
  expect(await httpRequest(client, own.replace('127.0.0.1', 'localhost'), post)).toMatchObject({ text: 'direct' });
  expect(await httpRequest(client, 'http://a.internal.test/', post)).toMatchObject({ kind: 'failed', isSent: false });
  expect(asked).toEqual(['http://pager.invalid/x']);
});

it('a proxy that refuses the tunnel has got nothing of the request, and its password stays here', async () => {
  const proxy = createServer();
  proxy.on('connect', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const client = clientWith({ https: `http://jane:hunter2@127.0.0.1:${port}`, http: null, noProxy: [] });
  const result = await httpRequest(client, 'https://pager.invalid/', post);
  proxy.close();
  expect(result).toMatchObject({ kind: 'failed', isSent: false });
});

it('a connection that is never made is not sent, and one that is silent may be', async () => {
  const silent = createTcpServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const client = clientWith();
  const quick = { ...post, timeoutMs: 100 };
  expect(await httpRequest(client, `http://127.0.0.1:${port}`, quick)).toMatchObject({ isTimeout: true, isSent: true });
  // TLS to somebody who never answers: the handshake is not done.
  expect(await httpRequest(client, `https://127.0.0.1:${port}`, quick)).toMatchObject({
    isTimeout: true,
    isSent: false,
  });
  silent.close();
});

it('an answer that does not end in time counts by its status, which has been given', async () => {
  const closed = Promise.withResolvers<void>();
  const origin = await startHttpServer((request, response) => {
    request.socket.on('close', closed.resolve);
    response.writeHead(202).write('o');
  });
  expect(await httpRequest(clientWith(), origin, { ...post, timeoutMs: 200 })).toMatchObject({
    kind: 'answered',
    status: 202,
    text: '',
  });
  await closed.promise;
});

it.each(['destroy', 'resetAndDestroy'] as const)('so does one whose connection breaks meanwhile (%s)', async (how) => {
  const sockets: Socket[] = [];
  const breakOff = () => void sockets.pop()?.[how]();
  subscribe('http.client.response.finish', breakOff);
  onTestFinished(() => void unsubscribe('http.client.response.finish', breakOff));
  const origin = await startHttpServer(({ socket }, response) => {
    sockets.push(socket);
    response.writeHead(202).write('o');
  });
  expect(await httpRequest(clientWith(), origin, post)).toMatchObject({ kind: 'answered', status: 202, text: '' });
});

it('a server that wants to speak another protocol has not answered', async () => {
  const origin = await startHttpServer(({ socket }) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'),
  );
  expect(await httpRequest(clientWith(), origin, post)).toEqual({
    kind: 'failed',
    isSent: true,
    isTimeout: false,
    error: 'the connection was closed without an answer',
  });
});

it('a request on a connection that was kept may have been read, if that breaks before the answer', async () => {
  let asked = 0;
  const origin = await startHttpServer((request, response) => {
    asked += 1;
    if (asked > 1) request.socket.destroy();
    else request.resume().on('end', () => response.writeHead(202).end('ok'));
  });
  const client = clientWith();
  expect(await httpRequest(client, origin, post)).toMatchObject({ kind: 'answered' });
  expect(await httpRequest(client, origin, post)).toMatchObject({ kind: 'failed', isSent: true, isTimeout: false });
  expect(asked).toBe(2);
});

it('a process without file descriptors has sent nothing', () => {
  const script = `
    import { openSync } from 'node:fs';
    import { createHttpClient, noProxySettings } from './src/lib/http-client.ts';
    import { post } from './src/sinks/http-post.ts';
    const client = createHttpClient(noProxySettings);
    const options = { headers: {}, body: {}, timeoutMs: 5000, secrets: [], accepted: [202] };
    try { for (;;) openSync('/dev/null', 'r'); } catch {}
    const result = await post(client, { ...options, url: 'http://127.0.0.1:9/' });
    process.stderr.write(JSON.stringify(result));
    process.exit(0);`;
  const command = `ulimit -n 64; exec "$0" --input-type=module-typescript -e '${script.replaceAll("'", `'"'"'`)}'`;
  const { stderr } = spawnSync('sh', ['-c', command, process.execPath], { encoding: 'utf8', cwd: process.cwd() });
  expect(JSON.parse(stderr.slice(stderr.indexOf('{')))).toMatchObject({
    outcome: 'transient',
    statusCode: null,
    error: expect.stringContaining('EMFILE'),
  });
});
