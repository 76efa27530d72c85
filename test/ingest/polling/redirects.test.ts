// Redirects between real servers of the loopback, of which 127.0.0.2 and up play the public internet.
import { createServer, type RequestListener } from 'node:http';
import { HttpResponse, http, passthrough } from 'msw';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { createHttpReader } from '../../../src/ingest/polling/fetch.ts';
import { statuspage } from '../../../src/ingest/statuspage/dialect.ts';
import { noProxySettings } from '../../../src/lib/http-client.ts';
import { portOf } from '../../support/http-server.ts';
import { network } from '../../support/network.ts';
import { summary } from '../../support/status-page.ts';

const publicHost = '127.0.0.2';
const insideHost = '127.0.0.1';
beforeEach(() => network.use(http.all(/^http:\/\/127\.0\.0\.\d+:/, () => passthrough())));

const reader = (url: string) =>
  createHttpReader(url, {
    timeoutMs: 5000,
    maxBodyBytes: 100_000,
    proxy: noProxySettings,
    userAgent: 'test',
    dialects: [statuspage],
    isPublic: (address) => address !== insideHost,
  });

const serve = async (host: string, listener: RequestListener) => {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const port = portOf(server);
  return { url: `http://${host}:${port}`, port, requests };
};

const good: RequestListener = (_, response) => response.end(JSON.stringify(summary({})));
const redirectTo =
  (location: string, status = 302): RequestListener =>
  (_, response) =>
    response.writeHead(status, { location }).end();

it.each([301, 302, 303, 307, 308])('follows a %i to where the page has moved', async (status) => {
  const target = await serve(publicHost, good);
  const from = await serve(publicHost, redirectTo(`${target.url}/moved.json`, status));
  expect(await reader(`${from.url}/summary.json`)()).toMatchObject({ pageId: 'acme' });
  expect(target.requests).toEqual(['/moved.json']);
});

it('follows five redirects, and not six', async () => {
  let left = 5;
  const { url } = await serve(publicHost, (request, response) => {
    if (left-- > 0) redirectTo('/again.json')(request, response);
    else good(request, response);
  });
  expect(await reader(`${url}/a.json`)()).toMatchObject({ pageId: 'acme' });
  left = 6;
  await expect(reader(`${url}/a.json`)()).rejects.toThrow('it redirects more than 5 times');
});

it('names where a page has moved to that is none any more', async () => {
  const target = await serve(publicHost, (_, response) => response.end('<!doctype html><title>Status</title>'));
  const from = await serve(publicHost, redirectTo(`${target.url}/?token=secret`, 301));
  await expect(reader(`${from.url}/api/v2/summary.json`)()).rejects.toThrow(
    `the answer is not JSON: it looks like HTML (redirected to ${target.url}/)`,
  );
});

it.each([
  ['by its address', (port: number) => `http://${insideHost}:${port}/latest/meta-data`],
  ['by a name', (port: number) => `http://localhost:${port}/latest/meta-data`],
])('does not follow a public host into the private network %s', async (_how, location) => {
  const inside = await serve(insideHost, good);
  const from = await serve(publicHost, redirectTo(location(inside.port)));
  await expect(reader(`${from.url}/a.json`)()).rejects.toThrow('leads from a public host into a private network');
  expect(inside.requests).toEqual([]);
});

it('does not follow a public host into the private network by way of another public one', async () => {
  const inside = await serve(insideHost, good);
  const other = await serve('127.0.0.3', redirectTo(inside.url));
  const from = await serve(publicHost, redirectTo(other.url));
  await expect(reader(`${from.url}/a.json`)()).rejects.toThrow('into a private network');
  expect(inside.requests).toEqual([]);
});

it('follows a host of the private network wherever it leads', async () => {
  const inside = await serve(insideHost, good);
  const from = await serve(insideHost, redirectTo(`${inside.url}/b.json`));
  expect(await reader(`${from.url}/a.json`)()).toMatchObject({ pageId: 'acme' });
});

it('does not follow from https to http', async () => {
  const to = 'http://status.acme.test/summary.json';
  network.use(
    http.get(
      'https://status.acme.test/summary.json',
      () => new HttpResponse(null, { status: 302, headers: { location: to } }),
    ),
  );
  await expect(reader('https://status.acme.test/summary.json')()).rejects.toThrow(
    `it redirects from https to http, to ${to}`,
  );
});

it.each([
  ['no address', 'http://'],
  ['another scheme', 'file:///etc/passwd'],
])('does not follow to %s', async (_what, location) => {
  const { url } = await serve(publicHost, redirectTo(location));
  await expect(reader(`${url}/a.json`)()).rejects.toThrow('no http or https address');
});
