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
