import { expect, it } from 'vitest';
import { startService } from '../support/service.ts';

it.each([
  '/nowhere',
  '/assets/',
  '/assets/types.ts',
  '/assets/../main.ts',
  '/assets/index.html',
  '/events/',
  '/ingest',
  '/ingest/paypal',
  '/EVENTS',
  '/destinations/opsgenie',
])('there is nothing at %s', async (path) => {
  const { request } = await startService();
  const response = await request(path);
  expect(response.status).toBe(404);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Not Found',
    status: 404,
    detail: 'there is nothing at this path',
    request_id: response.headers.get('x-request-id'),
  });
});

it.each([
  ['GET', '/ingest/stripe', 'POST'],
  ['GET', '/ingest/pull-status', 'POST'],
  ['PUT', '/destinations/pagerduty', 'POST, GET, HEAD'],
  ['POST', '/events', 'GET, HEAD'],
  ['DELETE', '/events/evt_1', 'GET, HEAD'],
  ['POST', '/healthz', 'GET, HEAD'],
  ['PATCH', '/readyz', 'GET, HEAD'],
  ['GET', '/ai/summarize', 'POST'],
  ['OPTIONS', '/events', 'GET, HEAD'],
])('%s %s is answered 405 and what is allowed', async (method, path, allow) => {
  const { request } = await startService();
  const response = await request(path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')).toBe(allow);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Method Not Allowed',
    status: 405,
    detail: `this path takes ${allow}, not ${method}`,
    request_id: response.headers.get('x-request-id'),
  });
});

const text = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });
const chunked = (body: string) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const character of body) controller.enqueue(Buffer.from(character));
      controller.close();
    },
  });

/** Node's own fetch wants to be told that it need not read the answer before the body is sent. */
type Sent = RequestInit & { readonly duplex?: 'half' };

it.each<[string, (body: string) => Sent]>([
  ['at once', (body: string): Sent => ({ body, headers: { 'content-length': String(body.length) } })],
  ['in chunks', (body: string): Sent => ({ body: chunked(body), duplex: 'half' })],
  [
    'in chunks, as it says itself',
    (body: string): Sent => ({
      body: chunked(body),
      duplex: 'half',
      headers: { 'transfer-encoding': 'chunked' },
    }),
  ],
])('a body that comes %s is taken up to the limit, and refused above it', async (_, init) => {
  const { request } = await startService({ MAX_BODY_BYTES: '100' });
  const ask = (bytes: number) => request('/ai/summarize', { method: 'POST', ...init(text(bytes)) });
  expect((await ask(100)).status).toBe(200);
  const response = await ask(101);
  expect(response.status).toBe(413);
  expect(await response.json()).toEqual({
    type: 'about:blank',
    title: 'Content Too Large',
    status: 413,
    detail: 'the body is larger than 100 bytes',
    request_id: response.headers.get('x-request-id'),
  });
});

it('a body over the limit is refused before its signature is looked at', async () => {
  const { request } = await startService({ MAX_BODY_BYTES: '100' });
  expect((await request('/ingest/stripe', { method: 'POST', body: 'x'.repeat(101) })).status).toBe(413);
});

it('the mock PagerDuty takes events that are larger than the vendor objects in them may be', async () => {
  const { request } = await startService({ MAX_BODY_BYTES: '100', STATUS_MAX_BODY_BYTES: '500' });
  const post = async (bytes: number) =>
    (await request('/destinations/pagerduty', { method: 'POST', body: 'x'.repeat(bytes) })).status;
  expect(await post(1000)).toBe(400);
  expect(await post(1001)).toBe(413);
});
