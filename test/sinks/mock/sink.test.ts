import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createMockSink } from '../../../src/sinks/mock/sink.ts';
import { anEvent, aRequest, sinkContract } from '../../contract/sink.ts';
import { network } from '../../support/network.ts';

const baseUrl = 'http://self.test:3000';
const url = `${baseUrl}/destinations/pagerduty`;

sinkContract('the mock sink', {
  url,
  create: ({ url, secret, timeoutMs }) =>
    createMockSink({ baseUrl: () => new URL(url).origin, apiToken: secret, timeoutMs }),
});

/** What one send puts on the wire. */
const sent = async (apiToken: string | null) => {
  const requests: Request[] = [];
  network.use(
    http.post(url, ({ request }) => {
      requests.push(request.clone());
      return new HttpResponse(null, { status: 202 });
    }),
  );
  await createMockSink({ baseUrl: () => baseUrl, apiToken, timeoutMs: 10_000 }).send(aRequest());
  const [request] = requests;
  return { authorization: request?.headers.get('authorization'), body: await request?.json() };
};

it('stands in for "pagerduty" and reaches nobody', () => {
  const sink = createMockSink({ baseUrl: () => baseUrl, apiToken: null, timeoutMs: 10_000 });
  expect(sink).toMatchObject({ destination: 'pagerduty', reachesPeople: false });
});

it.each([
  ['without an API token shows none', null, null],
  ['with an API token shows it', 'tok_1', 'Bearer tok_1'],
])('the unified event is posted as it is, and a sink %s', async (_, apiToken, authorization) => {
  expect(await sent(apiToken)).toEqual({ authorization, body: anEvent() });
});

it('asks for the address at each send, for it is known only once the service listens', async () => {
  const asked: string[] = [];
  network.use(
    http.post('http://:host.test/destinations/pagerduty', ({ request }) => {
      asked.push(new URL(request.url).host);
      return new HttpResponse(null, { status: 202 });
    }),
  );
  let host = 'first.test';
  const sink = createMockSink({ baseUrl: () => `http://${host}`, apiToken: null, timeoutMs: 10_000 });
  await sink.send(aRequest());
  host = 'second.test';
  await sink.send(aRequest());
  expect(asked).toEqual(['first.test', 'second.test']);
});

it('without an API token an answer is kept in the error as it came', async () => {
  network.use(http.post(url, () => new HttpResponse('event_id: expected string', { status: 400 })));
  const sink = createMockSink({ baseUrl: () => baseUrl, apiToken: null, timeoutMs: 10_000 });
  expect(await sink.send(aRequest())).toMatchObject({ error: 'HTTP 400 event_id: expected string' });
});
