import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { HttpEnv } from '../../../src/http/env.ts';
import { aroundRequest } from '../../../src/http/middleware/around-request.ts';
import { clientAddress } from '../../../src/http/middleware/client-address.ts';
import { collectLog } from '../../support/log.ts';

const logged = collectLog();
const app = new Hono<HttpEnv>()
  .use(aroundRequest([clientAddress(['10.0.0.1'], logged.log)]))
  .get('/', (c) => c.text(c.get('address')));
const ask = async (env?: object) => {
  const request = new Request('http://x/', { headers: { 'x-forwarded-for': '203.0.113.9' } });
  return (await app.fetch(request, env)).text();
};

it('a request counts for whom its connection comes from, or for whom a trusted proxy names', async () => {
  expect(await ask({ incoming: { socket: { remoteAddress: '198.51.100.1' } } })).toBe('198.51.100.1');
  expect(await ask({ incoming: { socket: { remoteAddress: '10.0.0.1' } } })).toBe('203.0.113.9');
});

it.each([undefined, {}, { incoming: { socket: {} } }])(
  'a request without a connection counts for nobody known: %j',
  async (env) => {
    expect(await ask(env)).toBe('unknown');
  },
);

it('the first X-Forwarded-For from an address that is not trusted is a warning, and no later one', async () => {
  const { log, of } = collectLog();
  const open = new Hono<HttpEnv>()
    .use(aroundRequest([clientAddress(['10.0.0.1'], log)]))
    .get('/', (c) => c.text(c.get('address')));
  const from = (remoteAddress: string, headers: Record<string, string>) =>
    open.fetch(new Request('http://x/', { headers }), { incoming: { socket: { remoteAddress } } });
  await from('10.0.0.1', { 'x-forwarded-for': '203.0.113.9' });
  await from('172.17.0.1', {});
  expect(of('proxy.untrusted')).toEqual([]);
  await from('172.17.0.1', { 'x-forwarded-for': '203.0.113.9' });
  await from('172.17.0.2', { 'x-forwarded-for': '203.0.113.9' });
  expect(of('proxy.untrusted')).toMatchObject([
    { level: 'warn', address: '172.17.0.1', warning: expect.stringContaining('TRUSTED_PROXIES') },
  ]);
});
