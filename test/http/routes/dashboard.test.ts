import { expect, it } from 'vitest';
import { startService } from '../../support/service.ts';

it.each([
  ['/assets/style.css', 'text/css; charset=utf-8'],
  ['/assets/main.js', 'text/javascript; charset=utf-8'],
  ['/assets/preact.mjs', 'text/javascript; charset=utf-8'],
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

it.each(['types.ts', 'index.html', '..%2fserver.ts', 'preact.mjs.map', 'constructor'])(
  'nothing else can be reached: /assets/%s is not there',
  async (file) => {
    const { request } = await startService();
    expect((await request(`/assets/${file}`)).status).toBe(404);
  },
);

it('an asset is compressed for who takes it so', async () => {
  const { request } = await startService();
  const response = await request('/assets/main.js', { headers: { 'accept-encoding': 'gzip, br' } });
  expect([response.headers.get('content-encoding'), response.headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding']);
  const stream = response.body?.pipeThrough(new DecompressionStream('gzip'));
  expect(await new Response(stream ?? null).text()).toBe(await (await request('/assets/main.js')).text());
});

it('the dashboard is for those who may come in, and 304 when it is known', async () => {
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

it('the dashboard allows no script, no style and no connection but those of this service', async () => {
  const { request } = await startService();
  const policy = (await request('/')).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
});

it('everything that the dashboard names is there and asked for at once, and nothing comes from elsewhere', async () => {
  const { request } = await startService();
  const html = await (await request('/')).text();
  const named = [...html.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, name]) => `/${name}`);
  const [, map = '{}'] = /<script type="importmap">(.+?)<\/script>/.exec(html) ?? [];
  const libraries = new Map<string, string>(Object.entries(JSON.parse(map).imports));
  expect(named.length).toBeGreaterThan(30);
  for (const path of named) {
    const response = await request(path);
    expect(response.status, path).toBe(200);
    const text = await response.text();
    expect(text, path).not.toMatch(/(src|href)="(https?:)?\/\//);
    for (const [, from = ''] of text.matchAll(/^import .* from '([^']+)';$/gm)) {
      const file = from.startsWith('./') ? `./assets/${from.slice(2)}` : libraries.get(from);
      expect(named, `${path} imports ${from}`).toContain(file?.slice(1));
    }
  }
  expect(html).not.toMatch(/ style=| on[a-z]+=|<style|<script(?! type="(module" src=|importmap"))/);
});

const readSetup = async ({ request }: Pick<Awaited<ReturnType<typeof startService>>, 'request'>) => {
  const html = await (await request('/')).text();
  const [, setup = ''] = /data-setup="([^"]+)"/.exec(html) ?? [];
  return JSON.parse(setup.replaceAll('&quot;', '"').replaceAll('&#39;', "'"));
};

it('a form of the dashboard takes as long a text as the API does, and no longer', async () => {
  const service = await startService();
  const { note, because, by } = (await readSetup(service)).maxChars;
  const resolve = (length: number) => service.post('/events/none/resolve', { note: 'x'.repeat(length) });
  expect([(await resolve(note)).status, (await resolve(note + 1)).status]).toEqual([404, 400]);
  const silence = (reason: number, name: number) =>
    service.post('/silences', {
      when: { page: 'acme' },
      until: '2h',
      because: 'x'.repeat(reason),
      by: 'x'.repeat(name),
    });
  expect((await silence(because, by)).status).toBe(201);
  expect([(await silence(because + 1, by)).status, (await silence(because, by + 1)).status]).toEqual([400, 400]);
});

it('the dashboard knows which sources post to the service, and the filters of the API', async () => {
  const { webhookSources, filters, factNames, unusualDecimals } = await readSetup(await startService());
  expect(webhookSources).toContain('stripe');
  expect(factNames).toContain('component');
  expect(unusualDecimals).toMatchObject({ JPY: 0, KWD: 3 });
  const shown = new Map(filters.map(({ name, values }: { name: string; values: unknown }) => [name, values]));
  expect([shown.get('state'), shown.get('routed'), shown.get('q')]).toEqual([
    ['open', 'resolved'],
    ['true', 'false'],
    null,
  ]);
});

it('no code of the dashboard makes markup of a text', async () => {
  const { request } = await startService();
  const html = await (await request('/')).text();
  const own = [...html.matchAll(/href="(assets\/[a-z-]+\.js)"/g)].map(([, name]) => `/${name}`);
  expect(own.length).toBeGreaterThan(30);
  for (const path of own) {
    const text = await (await request(path)).text();
    expect(text, path).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|dangerouslySet|\.style\b|document\.write/);
  }
});

it.each([
  ['/alerts/acme:1%2Fx%232', '/?alert=acme%3A1%2Fx%232'],
  ['/events/evt_1', '/?event=evt_1'],
])(
  'a browser that follows the link %s of a notification gets to the dashboard, and a program to the API',
  async (path, to) => {
    const { request } = await startService();
    const response = await request(path, { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect([response.status, response.headers.get('location')]).toEqual([303, to]);
    expect((await request(path)).headers.get('content-type')).toBe('application/problem+json');
  },
);

it('a browser that is lost gets a page, and nothing in it is markup of somebody else', async () => {
  const { request } = await startService();
  const response = await request('/nowhere', { headers: { accept: 'text/html' } });
  expect([response.status, response.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  const html = await response.text();
  expect(html).toContain('There is nothing at this path.');
  expect(html).toContain(response.headers.get('x-request-id'));
  expect(html).not.toMatch(/<script|<style| on[a-z]+=/);
});
