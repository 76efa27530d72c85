import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { delay, HttpResponse } from 'msw';
import { expect, it, onTestFinished } from 'vitest';
import { listen } from '../../../src/http/listen.ts';
import { createFileReader, createHttpReader, FetchFailed } from '../../../src/ingest/polling/fetch.ts';
import { fakePage, incident, statusUrl, summary } from '../../support/status-page.ts';

const limits = { timeoutMs: 5000, maxBodyBytes: 100_000 };
const small = summary({ incidents: [incident('1')] });

/** A real server on the loopback, for what msw cannot play. */
const loopback = async (answer: () => Response | Promise<Response>): Promise<string> => {
  const listener = await listen(answer, { host: '127.0.0.1', port: 0 });
  onTestFinished(() => listener.close());
  return listener.url;
};

it('asks for JSON, and reads the summary', async () => {
  const page = fakePage();
  page.serve(small);
  expect(await createHttpReader(statusUrl, limits)()).toMatchObject({
    pageId: 'acme',
    incidents: [{ fields: { id: '1' } }],
  });
  expect(page.requests[0]?.get('accept')).toBe('application/json');
});

it('asks only for what changed, and takes a 304 for the last summary', async () => {
  const page = fakePage();
  const read = createHttpReader(statusUrl, limits);
  page.serve(() => HttpResponse.json(small, { headers: { etag: '"one"' } }));
  const first = await read();
  page.serve(() => new HttpResponse(null, { status: 304 }));

  expect(await read()).toBe(first);
  expect(page.requests.map((headers) => headers.get('if-none-match'))).toEqual([null, '"one"']);
});

it('forgets an ETag that the page no longer gives, and does not take an unasked 304', async () => {
  const page = fakePage();
  const read = createHttpReader(statusUrl, limits);
  page.serve(() => HttpResponse.json(small, { headers: { etag: '"one"' } }));
  await read();
  page.serve(small);
  await read();
  page.serve(() => new HttpResponse(null, { status: 304 }));

  await expect(read()).rejects.toThrow('HTTP 304');
  expect(page.requests.at(-1)?.has('if-none-match')).toBe(false);
});

it('keeps the ETag of the last good answer through a failure', async () => {
  const page = fakePage();
  const read = createHttpReader(statusUrl, limits);
  page.serve(() => HttpResponse.json(small, { headers: { etag: '"one"' } }));
  await read();
  page.serve(() => new HttpResponse('<html>', { headers: { etag: '"html"' } }));
  await expect(read()).rejects.toThrow(FetchFailed);
  page.serve(() => new HttpResponse(null, { status: 304 }));

  expect(await read()).toMatchObject({ pageId: 'acme' });
  expect(page.requests.at(-1)?.get('if-none-match')).toBe('"one"');
});

it.each([
  ['is larger than allowed', () => new Response('x'.repeat(100_001)), /larger than 100000 bytes/],
  [
    'is larger than allowed once it is decompressed',
    () => new Response(gzipSync('x'.repeat(1_000_000)), { headers: { 'content-encoding': 'gzip' } }),
    /larger than 100000 bytes/,
  ],
  ['redirects for ever', () => new Response(null, { status: 302, headers: { location: '/' } }), /redirect/],
  ['is refused', () => new Response(null, { status: 403 }), /^HTTP 403$/],
])('gives up on a page whose answer %s', async (_what, answer, reason) => {
  await expect(createHttpReader(await loopback(answer), limits)()).rejects.toThrow(reason);
});

it('gives up on a page that answers a byte at a time', async () => {
  const trickle = () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          controller.enqueue(new TextEncoder().encode(' '));
          await delay(10);
        },
      }),
    );
  const read = createHttpReader(await loopback(trickle), { ...limits, timeoutMs: 60 });
  await expect(read()).rejects.toThrow('no whole answer within 60 ms');
});

it('gives up on a page that does not answer at all', async () => {
  const url = await loopback(() => new Promise(() => undefined));
  await expect(createHttpReader(url, { ...limits, timeoutMs: 20 })()).rejects.toThrow('no whole answer within 20 ms');
});

it('says what is wrong when nobody listens', async () => {
  const listener = await listen(() => new Response(), { host: '127.0.0.1', port: 0 });
  await listener.close();
  await expect(createHttpReader(listener.url, limits)()).rejects.toThrow(/ECONNREFUSED/);
});

it('reads a fixture, and fails like a page when there is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fixture-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'page.json');
  await expect(createFileReader(path)()).rejects.toThrow('its fixture cannot be read');
  await writeFile(path, JSON.stringify(small));
  expect(await createFileReader(path)()).toMatchObject({ pageId: 'acme' });
});
