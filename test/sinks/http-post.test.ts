import { HttpResponse, http, passthrough } from 'msw';
import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../src/lib/http-client.ts';
import { type Post, post } from '../../src/sinks/http-post.ts';
import { closedPort, startHttpServer } from '../support/http-server.ts';
import { network } from '../support/network.ts';

const url = 'https://destination.test/enqueue';
const client = createHttpClient(noProxySettings);
const send = (more: Partial<Post> = {}) =>
  post(client, { url, headers: {}, body: {}, timeoutMs: 10_000, secrets: [], accepted: [202], ...more });
const answer = (body: string) => network.use(http.post(url, () => new HttpResponse(body, { status: 400 })));

it('posts the body as JSON with the headers given', async () => {
  const requests: Request[] = [];
  network.use(
    http.post(url, ({ request }) => {
      requests.push(request.clone());
      return new HttpResponse(null, { status: 202 });
    }),
  );
  await send({ headers: { 'x-request-id': 'req-1', 'x-other': 'other' }, body: { text: 'ä\0\n', none: null } });
  const [request] = requests;
  expect(await request?.text()).toBe('{"text":"ä\\u0000\\n","none":null}');
  expect(Object.fromEntries(request?.headers ?? [])).toMatchObject({
    'content-type': 'application/json',
    'x-request-id': 'req-1',
    'x-other': 'other',
  });
});

it.each([
  ['is put on one line', 'a\r\nb\u2028c\n', [], 'HTTP 400 a b c'],
  ['is cut at 500 characters', 'x'.repeat(1000), [], `HTTP 400 ${'x'.repeat(490)}…`],
  ['is left out when it is too large to be read', 'x'.repeat(16_385), [], 'HTTP 400'],
  [
    'has every secret taken out, each time',
    'k11111 k22222 k11111',
    ['k11111', 'k22222'],
    'HTTP 400 [redacted] [redacted] [redacted]',
  ],
  [
    'has a secret taken out before it is cut',
    `${'x'.repeat(485)}0123456789`,
    ['0123456789'],
    `HTTP 400 ${'x'.repeat(485)}[reda…`,
  ],
  ['takes a secret as text, not as a pattern', 'k$& a.c abc', ['k$&', 'a.c'], 'HTTP 400 [redacted] [redacted] abc'],
  [
    'has a secret taken out as it stands in JSON',
    String.raw`{"key":"a\"b\/c"}`,
    ['a"b/c'],
    'HTTP 400 {"key":"[redacted]"}',
  ],
  [
    'has the credentials of an address taken out',
    'via http://jane:pw@proxy.test',
    [],
    'HTTP 400 via http://proxy.test',
  ],
])('the text of a refusal %s', async (_, body, secrets, error) => {
  answer(body);
  expect(await send({ secrets })).toEqual({ outcome: 'permanent', statusCode: 400, error, retryAfterMs: null });
});

it('a name whose every address refuses the connection is transient', async () => {
  const result = await send({ url: `http://localhost:${await closedPort()}/` });
  expect(result).toMatchObject({ outcome: 'transient', statusCode: null });
});

it('an answer that is cut off after its status is judged by the status', async () => {
  const origin = await startHttpServer((_request, response) => {
    response.writeHead(503, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  });
  expect(await send({ url: origin })).toMatchObject({ outcome: 'transient', statusCode: 503, error: 'HTTP 503' });
});

it('a TLS handshake that fails is transient, for no request was sent', async () => {
  const origin = await startHttpServer((_request, response) => response.end());
  const secure = origin.replace('http:', 'https:');
  network.use(http.post(`${secure}/`, () => passthrough()));
  expect(await send({ url: `${secure}/` })).toMatchObject({ outcome: 'transient', statusCode: null });
});

it('what Node refuses to send is transient, for nothing was sent', async () => {
  expect(await send({ url: 'nonsense' })).toMatchObject({ outcome: 'transient', statusCode: null });
  expect(await send({ headers: { 'x-bad': 'a\nb' } })).toMatchObject({ outcome: 'transient', statusCode: null });
});
