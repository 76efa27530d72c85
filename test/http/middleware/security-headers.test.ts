import { type Handler, Hono } from 'hono';
import { expect, it } from 'vitest';
import type { HttpEnv } from '../../../src/http/env.ts';
import { aroundRequest } from '../../../src/http/middleware/around-request.ts';
import { securityHeaders, setSecurityHeaders } from '../../../src/http/middleware/security-headers.ts';
import { startService } from '../../support/service.ts';

const token = 'tok_1';
const bearer = { authorization: `Bearer ${token}` };

it.each([
  ['200', 'GET', '/healthz', {}, 200],
  ['a page', 'GET', '/login', {}, 200],
  ['a redirect', 'GET', '/events', { accept: 'text/html' }, 303],
  ['400', 'POST', '/ingest/stripe', {}, 400],
  ['401', 'GET', '/events', {}, 401],
  ['403', 'POST', '/logout', {}, 403],
  ['404', 'GET', '/nowhere', bearer, 404],
  ['405', 'DELETE', '/events', bearer, 405],
  ['413', 'POST', '/ingest/stripe', { 'content-length': '9999999' }, 413],
])('%s has every security header', async (_, method, path, headers, status) => {
  const { request } = await startService({ API_TOKEN: token });
  const body = method === 'POST' ? 'x' : null;
  const response = await request(path, { method, headers, body });
  expect(response.status).toBe(status);
  expect(Object.fromEntries(response.headers)).toMatchObject(securityHeaders);
});

it('nothing may be loaded from elsewhere, framed, guessed at or kept', () => {
  expect(securityHeaders).toEqual({
    'content-security-policy':
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'cache-control': 'no-store',
  });
});

/** An app of one handler, asked for `path`. */
const ask = async (handler: Handler<HttpEnv>, path = '/', headers = {}) => {
  const app = new Hono<HttpEnv>().use(aroundRequest([setSecurityHeaders])).get('*', handler);
  app.onError((_error, c) => c.text('broken', 500));
  return (await app.fetch(new Request(`http://x${path}`, { headers }))).headers;
};

it('a handler has the last word on each of them', async () => {
  const headers = await ask((c) => {
    c.header('content-security-policy', "default-src 'self'");
    return c.text('', 200, { 'cache-control': 'max-age=60' });
  });
  expect(headers.get('content-security-policy')).toBe("default-src 'self'");
  expect(headers.get('cache-control')).toBe('max-age=60');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
});

it('what breaks has them too', async () => {
  const headers = await ask(() => {
    throw new Error('broken');
  });
  expect(Object.fromEntries(headers)).toMatchObject(securityHeaders);
});

it('only assets may be kept by a browser', async () => {
  expect((await ask((c) => c.text(''), '/assets/style.css')).has('cache-control')).toBe(false);
  expect((await ask((c) => c.text(''), '/assetsx')).get('cache-control')).toBe('no-store');
});

it.each([
  [{ 'x-forwarded-proto': 'https' }, 'max-age=15552000'],
  [{ 'x-forwarded-proto': 'http' }, null],
  [{}, null],
])('with %j the browser is told to stay with https: %s', async (headers, value) => {
  expect((await ask((c) => c.text(''), '/', headers)).get('strict-transport-security')).toBe(value);
});
