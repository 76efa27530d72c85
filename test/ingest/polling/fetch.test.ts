import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { HttpResponse, http, passthrough } from 'msw';
import { expect, it, onTestFinished } from 'vitest';
import { createFileReader, createHttpReader, userAgentOf } from '../../../src/ingest/polling/fetch.ts';
import { FetchFailed } from '../../../src/ingest/polling/fetch-failed.ts';
import { statuspage } from '../../../src/ingest/statuspage/dialect.ts';
import { noProxySettings, type ProxySettings } from '../../../src/lib/http-client.ts';
import { createClock } from '../../support/clock.ts';
import { closedPort, startHttpServer } from '../../support/http-server.ts';
import { network } from '../../support/network.ts';
import { startProxy } from '../../support/proxy.ts';
import { fakePage, incident, statusUrl, summary } from '../../support/status-page.ts';

const userAgent = 'vendor-signals/1.2.3 (+https://ops.acme.test)';
const options = { timeoutMs: 5000, maxBodyBytes: 100_000, proxy: noProxySettings, userAgent, dialects: [statuspage] };
const reader = (url: string, more: Partial<typeof options> = {}) => createHttpReader(url, { ...options, ...more });
const small = summary({ incidents: [incident('1')] });
const text = JSON.stringify(small);

const failureOf = async (read: () => Promise<unknown>): Promise<FetchFailed> => {
  const failure = await read().catch((error: unknown) => error);
  if (!(failure instanceof FetchFailed)) throw new Error('expected a failure', { cause: failure });
  return failure;
};

it('asks for JSON, says who asks, and reads the summary', async () => {
  const page = fakePage();
  page.serve(small);
  expect(await reader(statusUrl)()).toMatchObject({ dialect: 'statuspage', pageId: 'acme', incidents: [{ id: '1' }] });
  expect(page.requests[0]?.get('accept')).toBe('application/json');
  expect(page.requests[0]?.get('user-agent')).toBe(userAgent);
});

it('reads a summary in UTF-16', async () => {
  const page = fakePage();
  const bytes = Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(text, 'utf16le').swap16()]);
  page.serve(() => new HttpResponse(bytes, { headers: { 'content-type': 'application/json;charset=utf-16' } }));
  expect(await reader(statusUrl)()).toMatchObject({ pageId: 'acme' });
});

it('names the product, and the contact where there is one', () => {
  expect(userAgentOf('1.2.3', null)).toBe('vendor-signals/1.2.3');
  expect(userAgentOf('1.2.3', 'https://ops.acme.test')).toBe(userAgent);
});

it('asks only for what changed, and takes a 304 for the last summary', async () => {
  const page = fakePage();
  const read = reader(statusUrl);
  page.serve(() => HttpResponse.json(small, { headers: { etag: '"one"' } }));
  const first = await read();
  page.serve(() => new HttpResponse(null, { status: 304 }));

  expect(await read()).toEqual(first);
  expect(page.requests.map((headers) => headers.get('if-none-match'))).toEqual([null, '"one"']);
});

it('an ETag that never changes hides what is new for a quarter of an hour at most', async () => {
  const clock = createClock();
  const page = fakePage();
  const read = createHttpReader(statusUrl, { ...options, now: clock.now });
  let served = summary({});
  page.serve(() =>
    page.requests.at(-1)?.has('if-none-match')
      ? new HttpResponse(null, { status: 304 })
      : HttpResponse.json(served, { headers: { etag: '"always"' } }),
  );
  expect((await read()).incidents).toEqual([]);
  served = small;
  clock.advance(14 * 60_000);
  expect((await read()).incidents).toEqual([]);
  clock.advance(60_000);
  expect((await read()).incidents).toMatchObject([{ id: '1' }]);
  await read();
  expect(page.requests.map((headers) => headers.has('if-none-match'))).toEqual([false, true, false, true]);
});

it('reads a summary once as long as its text is the same, and anew as soon as it is not', async () => {
  const page = fakePage();
  const read = reader(statusUrl);
  page.serve(small);
  const first = await read();
  expect(await read()).toBe(first);
  page.serve(summary({ incidents: [incident('2')] }));
  expect((await read()).incidents).toMatchObject([{ id: '2' }]);
  page.serve(small);
  expect(await read()).toEqual(first);
});

it('forgets an ETag that the page no longer gives, and does not take an unasked 304', async () => {
  const page = fakePage();
  const read = reader(statusUrl);
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
  const read = reader(statusUrl);
  page.serve(() => HttpResponse.json(small, { headers: { etag: '"one"' } }));
  await read();
  page.serve(() => new HttpResponse('<html>', { headers: { etag: '"html"' } }));
  await expect(read()).rejects.toThrow(FetchFailed);
  page.serve(() => new HttpResponse(null, { status: 304 }));

  expect(await read()).toMatchObject({ pageId: 'acme' });
  expect(page.requests.at(-1)?.get('if-none-match')).toBe('"one"');
});

it.each([
  ['gzip', gzipSync(text)],
  ['br', brotliCompressSync(text)],
  ['deflate', deflateSync(text)],
  ['identity', Buffer.from(text)],
])('reads a body whose encoding is %s', async (encoding, body) => {
  const url = await startHttpServer((_, response) => response.setHeader('content-encoding', encoding).end(body));
  expect(await reader(url)()).toMatchObject({ pageId: 'acme' });
});

it.each([
  ['is larger than allowed', 'identity', Buffer.from('x'.repeat(100_001)), /larger than 100000 bytes/],
  [
    'is larger than allowed once it is decompressed',
    'gzip',
    gzipSync('x'.repeat(1_000_000)),
    /larger than 100000 bytes/,
  ],
  ['is no gzip though it says so', 'gzip', Buffer.from('nonsense'), /incorrect header check/],
  ['ends in the middle', 'gzip', gzipSync(text).subarray(0, 50), /unexpected end of file/],
  ['is HTML', 'identity', Buffer.from('<!doctype html>'), /not JSON: it looks like HTML/],
  ['is empty', 'identity', Buffer.from(' '), /not JSON: it is empty/],
  ['is cut', 'identity', Buffer.from(text.slice(0, 20)), /not JSON: it does not parse/],
  ['is no summary', 'identity', Buffer.from('{"status":500}'), /no statuspage summary: page: /],
  ['is nested without end', 'identity', Buffer.from('['.repeat(50_000)), /nested more than/],
])('gives up on a page whose answer %s', async (_what, encoding, body, reason) => {
  const url = await startHttpServer((_, response) => response.setHeader('content-encoding', encoding).end(body));
  await expect(reader(url)()).rejects.toThrow(reason);
});

it('refuses a body of more values than fit into the memory, before it is parsed', async () => {
  const url = await startHttpServer((_, response) => response.end(`[${'[],'.repeat(1_000_000)}[]]`));
  await expect(reader(url, { maxBodyBytes: 16_777_216 })()).rejects.toThrow(/holds more than \d+ values/);
});

it('gives up on a page that answers a byte at a time', async () => {
  const url = await startHttpServer((_, response) => {
    const trickle = setInterval(() => response.write(' '), 5);
    response.on('close', () => clearInterval(trickle));
  });
  await expect(reader(url, { timeoutMs: 60 })()).rejects.toThrow('no whole answer within 60 ms');
});

it('gives up on a page that does not answer at all', async () => {
  const url = await startHttpServer(() => undefined);
  await expect(reader(url, { timeoutMs: 20 })()).rejects.toThrow('no whole answer within 20 ms');
});

it('believes no answer that it read too late, because the process was halted', async () => {
  let nowMs = 0;
  const url = await startHttpServer((_, response) => {
    nowMs += options.timeoutMs + 1;
    response.end(text);
  });
  await expect(createHttpReader(url, { ...options, now: () => nowMs })()).rejects.toThrow(
    'no whole answer within 5000 ms',
  );
});

it.each(['127.0.0.1', 'localhost'])('says what is wrong when nobody listens at %s', async (host) => {
  await expect(reader(`http://${host}:${await closedPort()}`)()).rejects.toThrow(/ECONNREFUSED/);
});

it('says that it was TLS that failed', async () => {
  const plain = await startHttpServer((_, response) => response.end(text));
  network.use(http.all(/^https:\/\/127/, () => passthrough()));
  await expect(reader(plain.replace('http:', 'https:'))()).rejects.toThrow(/^the TLS connection failed: /);
});

/** A reader that gets out by a proxy alone. */
const proxiedReader = async (answer: RequestListener) => {
  network.use(http.all(/\.invalid/, () => passthrough()));
  const proxy = await startProxy(await startHttpServer(answer));
  const settings: ProxySettings = { http: proxy.url, https: proxy.url, noProxy: [] };
  return { read: reader('http://status.invalid/summary.json', { proxy: settings }), asked: proxy.asked };
};

it('reads a page through a proxy, where our own network has no name for it', async () => {
  const { read, asked } = await proxiedReader((_, response) => response.end(text));
  expect(await read()).toMatchObject({ pageId: 'acme' });
  expect(asked).toEqual(['GET http://status.invalid/summary.json']);
});

it('takes a host behind a proxy, whose address it does not know, for a public one', async () => {
  const inside = await startHttpServer((_, response) => response.end(text));
  const { read } = await proxiedReader((_, response) => response.writeHead(302, { location: inside }).end());
  await expect(read()).rejects.toThrow('into a private network');
});

it.each([
  [429, '120', 120_000],
  [503, 'Fri, 27 Nov 2099 00:00:00 GMT', expect.any(Number)],
  [503, undefined, null],
  [429, 'soon', null],
])('passes on how long a page that answers %i with %s wants to be left alone', async (status, header, expected) => {
  const page = fakePage();
  page.serve(() => new HttpResponse(null, { status, ...(header && { headers: { 'retry-after': header } }) }));
  const failure = await failureOf(reader(statusUrl));
  expect(failure).toMatchObject({ message: `HTTP ${status}`, code: 'no_answer', retryAfterMs: expected });
});

it.each([
  ['by its header', { headers: { 'cf-mitigated': 'challenge' } }, 'x'],
  ['by its page', {}, '<!DOCTYPE html><title>Just a moment...</title>'],
])('says that bot protection refused us, which it knows %s, and what to do', async (_how, init, body) => {
  const page = fakePage();
  page.serve(() => new HttpResponse(body, { status: 403, ...init }));
  const { message } = await failureOf(reader(statusUrl));
  expect(message).toContain('bot protection refused us');
  expect(message).toContain(userAgent);
});

it.each(['https://status.stripe.com/current', 'https://status.stripe.com'])(
  'refuses %s, which has said "up" for years, and names what to use',
  async (url) => {
    await expect(reader(url)()).rejects.toThrow('use https://www.stripestatus.com');
  },
);

it('reads a fixture, and fails like a page when there is none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fixture-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'page.json');
  const read = createFileReader(path, [statuspage]);
  await expect(read()).rejects.toThrow('its fixture cannot be read');
  await writeFile(path, text);
  expect(await read()).toMatchObject({ pageId: 'acme' });
  await writeFile(path, '{}');
  await expect(read()).rejects.toThrow('no statuspage summary');
});

it('a fault of our own is not taken for a page that speaks another dialect', async () => {
  const fault = new TypeError('our own fault');
  const broken = {
    ...statuspage,
    read: () => {
      throw fault;
    },
  };
  fakePage().serve(small);
  await expect(reader(statusUrl, { dialects: [broken, statuspage] })()).rejects.toBe(fault);
  const folder = await mkdtemp(join(tmpdir(), 'fixture-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'page.json');
  await writeFile(path, text);
  await expect(createFileReader(path, [broken, statuspage])()).rejects.toBe(fault);
  await expect(createFileReader(path, [])()).rejects.toThrow('no dialect is known');
});
