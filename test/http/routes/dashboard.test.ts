import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';

it.each([
  ['/assets/style.css', 'text/css; charset=utf-8'],
  ['/assets/main.js', 'text/javascript; charset=utf-8'],
  ['/assets/icon.svg', 'image/svg+xml'],
])('%s is answered as %s, without a token, and 304 when it is known', async (path, type) => {
  const { request } = await startService({ API_TOKEN: 'secret' });
  const response = await request(path);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(type);
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  const etag = response.headers.get('etag') ?? '';
  const again = await request(path, { headers: { 'if-none-match': etag } });
  expect(again.status).toBe(304);
  expect(await again.text()).toBe('');
  expect((await request(path, { headers: { 'if-none-match': '"old"' } })).status).toBe(200);
});

it('the page is for those who may come in, and 304 when it is known', async () => {
  const { request } = await startService({ API_TOKEN: 'secret' });
  const authorization = 'Bearer secret';
  const response = await request('/', { headers: { authorization } });
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const etag = response.headers.get('etag') ?? '';
  expect((await request('/', { headers: { authorization, 'if-none-match': etag } })).status).toBe(304);
  const stranger = await request('/?event=evt_1', { headers: { accept: 'text/html' } });
  expect(stranger.status).toBe(303);
  expect(stranger.headers.get('location')).toBe('/login?next=%2F%3Fevent%3Devt_1');
});

it('the page allows no script, no style and no connection but those of this service', async () => {
  const { request } = await startService();
  const policy = (await request('/')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe|http|\*/);
});

it('everything that the page names is there, and nothing comes from elsewhere', async () => {
  const { request } = await startService();
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) return;
    seen.add(path);
    const response = await request(path);
    expect(response.status, path).toBe(200);
    const text = await response.text();
    const named = path.endsWith('.js')
      ? [...text.matchAll(/^import .* from '\.\/(.+)';$/gm)].map(([, name]) => `/assets/${name}`)
      : [...text.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, name]) => `/${name}`);
    for (const each of named) await visit(each);
    expect(text, path).not.toMatch(/(src|href)="(https?:)?\/\//);
    if (path === '/') expect(text).not.toMatch(/ style=| on[a-z]+=|<script(?! type="module" src=)|<style/);
  };
  await visit('/');
  expect(seen.size).toBeGreaterThan(20);
});

it('the page knows which sources post to the service', async () => {
  const { request } = await startService();
  expect(await (await request('/')).text()).toContain('data-sources="stripe"');
});

it('no code of the page makes markup of a text', async () => {
  const { request } = await startService();
  for (const name of ['dom.js', 'events-view.js', 'detail-view.js', 'timeline-view.js', 'raw-view.js']) {
    expect(await (await request(`/assets/${name}`)).text()).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|\.style\b/,
    );
  }
});
