import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { http, passthrough } from 'msw';
import { expect, it, onTestFinished } from 'vitest';
import { createHttpClient, type HttpClient } from '../../src/lib/http-client.ts';
import { startHttpServer } from '../support/http-server.ts';
import { network } from '../support/network.ts';
import { startProxy } from '../support/proxy.ts';

const fetchText = (client: HttpClient, address: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const url = new URL(address);
    const request = (url.protocol === 'https:' ? getSecurely : get)(url, { agent: client.agentFor(url) }, (answer) => {
      answer.setEncoding('utf8');
      answer.on('data', resolve);
    });
    request.on('error', reject);
  });

/** These hosts do not exist: who asks for them without the proxy fails. */
const letThrough = () => network.use(http.all(/\.invalid/, () => passthrough()));

it('asks through the proxy of the scheme, with its user and password', async () => {
  letThrough();
  const proxy = await startProxy(await startHttpServer((_, response) => response.end('hello')));
  const client = createHttpClient({ http: proxy.url.replace('//', '//jo:secret@'), https: proxy.url, noProxy: [] });
  onTestFinished(() => client.close());
  expect(await fetchText(client, 'http://status.invalid/summary.json')).toBe('hello');
  // The other end speaks no TLS, so that the request ends here; the tunnel was asked for.
  await expect(fetchText(client, 'https://status.invalid/summary.json')).rejects.toThrow();
  expect(proxy.asked).toEqual([
    `GET http://status.invalid/summary.json Basic ${Buffer.from('jo:secret').toString('base64')}`,
    'CONNECT status.invalid:443',
  ]);
});

it('never asks a loopback address through a proxy', async () => {
  const origin = await startHttpServer((_, response) => response.end('direct'));
  const proxy = await startProxy(origin);
  const client = createHttpClient({ http: proxy.url, https: proxy.url, noProxy: [] });
  onTestFinished(() => client.close());
  expect(await fetchText(client, origin)).toBe('direct');
  expect(proxy.asked).toEqual([]);
});

it.each([
  ['https://example.com', [], true],
  ['https://example.com', ['*'], false],
  ['https://example.com', ['example.com'], false],
  ['https://EXAMPLE.com', ['Example.COM'], false],
  ['https://status.example.com', ['example.com'], false],
  ['https://status.example.com', ['.example.com'], false],
  ['https://status.example.com', ['*.example.com'], false],
  ['https://badexample.com', ['example.com', '.example.com'], true],
  ['https://example.com:8443', ['example.com:443'], true],
  ['https://example.com', ['example.com:443'], false],
  ['http://example.com', ['example.com:443'], true],
  ['https://10.0.0.5', ['10.0.0.5'], false],
  ['https://10.0.0.5', ['10.0.0.6'], true],
  ['https://[2001:db8::1]', ['2001:db8::1'], false],
  ['https://[2001:db8::1]', ['[2001:db8::1]'], false],
  ['https://example.com', [''], true],
  ['https://127.0.0.1', [], false],
  ['https://localhost:8443', [], false],
])('%s with NO_PROXY %j goes through the proxy: %s', (url, noProxy, expected) => {
  const client = createHttpClient({ https: 'http://127.0.0.1:1', http: 'http://127.0.0.1:1', noProxy });
  expect(client.isProxied(new URL(url))).toBe(expected);
});

it('goes directly where no proxy is set for the scheme', () => {
  const client = createHttpClient({ https: 'http://127.0.0.1:1', http: null, noProxy: [] });
  expect(client.isProxied(new URL('http://example.com'))).toBe(false);
  expect(client.isProxied(new URL('https://example.com'))).toBe(true);
});

it('an address that is asked again is read once, and gives what a request needs', () => {
  const client = createHttpClient({ https: null, http: 'http://127.0.0.1:1', noProxy: [] });
  const address = 'https://jo:s%40cret@[2001:db8::1]:8443/v2/enqueue?a=b#c';
  const route = client.routeTo(address);
  expect(client.routeTo(address)).toBe(route);
  const { agent, ...options } = route.options;
  expect({ isSecure: route.isSecure, options }).toEqual({
    isSecure: true,
    options: { protocol: 'https:', hostname: '2001:db8::1', port: 8443, path: '/v2/enqueue?a=b', auth: 'jo:s@cret' },
  });
  expect(agent).toBe(client.agentFor(new URL(address)));
  expect(client.routeTo('http://example.com/').options.agent).toBe(client.agentFor(new URL('http://example.com')));
});

it('what is no address has no route', () => {
  const client = createHttpClient({ https: null, http: null, noProxy: [] });
  expect(() => client.routeTo('pagerduty')).toThrow(TypeError);
});

it('of more addresses than it keeps, each still goes where it belongs', () => {
  const client = createHttpClient({ https: null, http: null, noProxy: [] });
  const hosts = Array.from({ length: 500 }, (_, at) => `host-${at}.example.com`);
  for (const _ of [1, 2])
    expect(hosts.map((host) => client.routeTo(`https://${host}/`).options.hostname)).toEqual(hosts);
});
