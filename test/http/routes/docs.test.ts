import { expect, it, vi } from 'vitest';
import { docsRoutes } from '../../../src/http/routes/docs.ts';
import { startService } from '../../support/service.ts';

it('the description is built when it is first asked for, and only once', async () => {
  const describe = vi.fn(async () => ({ openapi: '3.1.1' }));
  const app = docsRoutes(describe);
  expect((await app.request('/docs')).status).toBe(200);
  expect(describe).not.toHaveBeenCalled();
  expect(await (await app.request('/openapi.json')).json()).toEqual({ openapi: '3.1.1' });
  await app.request('/openapi.json');
  expect(describe).toHaveBeenCalledOnce();
});

it('the page may load and ask nothing but this service, and runs nothing that stands in it', async () => {
  const { request } = await startService();
  const response = await request('/docs');
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const policy = response.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(await response.text()).not.toMatch(/<script[^>]*>[^<]|<style|\s(style|on\w+)=|https?:/);
});

it('all that the page names is there, each as what it is, and may be kept while it is the same', async () => {
  const { request } = await startService();
  const page = await (await request('/docs')).text();
  const named = [...page.matchAll(/(?:href|src)="(docs\/[^"]+)"/g)].map(([, path]) => path);
  expect(named).toHaveLength(4);
  for (const path of named) {
    const response = await request(`/${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    const type = path?.endsWith('.css') ? 'text/css' : 'text/javascript';
    expect(response.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    const again = await request(`/${path}`, { headers: { 'if-none-match': response.headers.get('etag') ?? '' } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  }
});

it.each([
  'package.json',
  'swagger-ui-bundle.js.map',
  'index.html',
  'swagger-initializer.js',
  '..%2fpackage.json',
  '..%2f..%2f..%2fpackage.json',
  '%2e%2e%2fproblem.ts',
  'constructor',
])('nothing else can be reached: /docs/%s is not there', async (file) => {
  const { request } = await startService();
  expect((await request(`/docs/${file}`)).status).toBe(404);
});

it.each(['/openapi.json', '/docs', '/docs/start.js'])('%s needs the token', async (path) => {
  const { request } = await startService({ API_TOKEN: 'tok_Q2F0cw' });
  expect((await request(path)).status).toBe(401);
  expect((await request(path, { headers: { authorization: 'Bearer tok_Q2F0cw' } })).status).toBe(200);
});
