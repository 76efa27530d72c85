import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import * as z from 'zod';
import { placeOf, targetsOf } from '../../../src/ingest/polling/detect.ts';
import { createHttpReader } from '../../../src/ingest/polling/fetch.ts';
import type { StatusPageDialect } from '../../../src/ingest/status-page.ts';
import { statuspage } from '../../../src/ingest/statuspage/dialect.ts';
import { noProxySettings } from '../../../src/lib/http-client.ts';
import { network } from '../../support/network.ts';
import { summary } from '../../support/status-page.ts';

/** A dialect that lies in two documents. */
const partsSchema = z.tuple([z.object({ acme: z.string() }), z.object({ parts: z.number() })]);
const acme: StatusPageDialect = {
  name: 'acme',
  documents: ['/head.json', '/parts.json'],
  read: (documents) => {
    const [head] = partsSchema.parse(documents);
    return { ...statuspage.read([summary({})], 0), dialect: 'acme', pageId: head.acme };
  },
};
const dialects = [statuspage, acme];

const root = 'https://status.acme.test';
const reader = (url: string) =>
  createHttpReader(url, {
    timeoutMs: 5000,
    maxBodyBytes: 100_000,
    proxy: noProxySettings,
    userAgent: 'test',
    dialects,
  });

/** A host that has these documents, and HTML or nothing elsewhere. */
const host = (documents: Readonly<Record<string, object>>) => {
  const asked: string[] = [];
  network.use(
    http.get(`${root}*`, ({ request }) => {
      const { pathname } = new URL(request.url);
      asked.push(pathname);
      if (pathname === '/') return HttpResponse.html('<!doctype html>');
      const document = documents[pathname];
      return document ? HttpResponse.json(document) : new HttpResponse(null, { status: 404 });
    }),
  );
  return asked;
};

it.each([
  ['its root', '/', ['/api/v2/summary.json', '/head.json,/parts.json', '/']],
  [
    'a path',
    '/status/',
    [
      '/status/',
      '/status/api/v2/summary.json',
      '/status/head.json,/status/parts.json',
      '/api/v2/summary.json',
      '/head.json,/parts.json',
    ],
  ],
  ['a document', '/api/v2/summary.json', ['/api/v2/summary.json']],
  ['a document of any name', '/fake.json', ['/fake.json']],
  ['the first of several documents', '/eu/head.json', ['/eu/head.json,/eu/parts.json', '/eu/head.json']],
])('of %s it tries these, in order', (_what, path, expected) => {
  const tried = targetsOf(new URL(path, root), dialects).map(({ urls }) => urls.map((url) => url.pathname).join());
  expect(tried).toEqual(expected);
});

it('of a dialect that only its own address leads to, no root is tried', () => {
  const hidden: StatusPageDialect = { ...statuspage, documents: ['/1.0/status'], onlyByAddress: true };
  const tried = (path: string) =>
    targetsOf(new URL(path, root), [hidden, acme]).map(({ dialect, urls }) => `${dialect.name} ${urls[0]?.pathname}`);
  expect(tried('/')).toEqual(['acme /head.json', 'statuspage /']);
  expect(tried('/1.0/status/5b36')).toEqual([
    'statuspage /1.0/status/5b36',
    'acme /1.0/status/5b36/head.json',
    'acme /head.json',
  ]);
});

it("finds a summary from the status page's root, and remembers where it was", async () => {
  const asked = host({ '/api/v2/summary.json': summary({}) });
  const read = reader(root);
  expect(await read()).toMatchObject({ dialect: 'statuspage' });
  await read();
  expect(asked).toEqual(['/api/v2/summary.json', '/api/v2/summary.json']);
});

it('finds a dialect that lies in several documents', async () => {
  const asked = host({ '/head.json': { acme: 'it' }, '/parts.json': { parts: 1 } });
  expect(await reader(root)()).toMatchObject({ dialect: 'acme', pageId: 'it' });
  expect(asked).toEqual(['/api/v2/summary.json', '/head.json', '/parts.json']);
});

it('says of everything that it tried why it is no status page', async () => {
  host({ '/head.json': { acme: 5 }, '/parts.json': {} });
  await expect(reader(root)()).rejects.toThrow(
    /^no status page that we can read is there: https:\/\/status\.acme\.test\/api\/v2\/summary\.json: HTTP 404; .*head\.json: the answer is no acme summary: .*; https:\/\/status\.acme\.test\/: the answer is not JSON: it looks like HTML$/,
  );
});

it('says a reason once that is true of several addresses', async () => {
  host({});
  const failure = await reader(root)().catch((error: unknown) => String(error));
  expect(failure).toMatch(/api\/v2\/summary\.json, .*head\.json: HTTP 404/);
  expect(String(failure).match(/HTTP 404/g)).toHaveLength(1);
});

it('does not go on trying a host that gives no answer', async () => {
  const asked: string[] = [];
  network.use(
    http.get(`${root}*`, ({ request }) => {
      asked.push(request.url);
      return new HttpResponse(null, { status: 503 });
    }),
  );
  await expect(reader(root)()).rejects.toThrow('HTTP 503');
  expect(asked).toHaveLength(1);
});

it('looks again when a status page has become one of another kind', async () => {
  const documents: Record<string, object> = { '/api/v2/summary.json': summary({}) };
  host(documents);
  const read = reader(root);
  await read();
  delete documents['/api/v2/summary.json'];
  Object.assign(documents, { '/head.json': { acme: 'it' }, '/parts.json': { parts: 1 } });
  await expect(read()).rejects.toThrow('HTTP 404');
  expect(await read()).toMatchObject({ dialect: 'acme' });
});

it.each([
  ['its root', '/', 0, 'https://status.acme.test'],
  ['a path', '/status/', 1, 'https://status.acme.test/status'],
  ['its document', '/eu/api/v2/summary.json?key=1', 0, 'https://status.acme.test/eu'],
  ['a document of any name', '/fake.json', 0, null],
])('knows the root by the place of %s', (_what, path, at, expected) => {
  const target = targetsOf(new URL(path, root), [statuspage])[at];
  expect(target && placeOf(target)).toEqual({ root: expected });
});

it('a dialect is told where its documents were found', async () => {
  const places: unknown[] = [];
  const told: StatusPageDialect = {
    ...statuspage,
    read: (documents, nowMs, place) => {
      places.push(place);
      return statuspage.read(documents, nowMs);
    },
  };
  host({ '/eu/api/v2/summary.json': summary({}) });
  await createHttpReader(`${root}/eu`, {
    timeoutMs: 5000,
    maxBodyBytes: 100_000,
    proxy: noProxySettings,
    userAgent: 'test',
    dialects: [told],
  })();
  expect(places).toEqual([{ root: `${root}/eu` }]);
});
