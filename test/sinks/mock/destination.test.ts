import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createMock, type MockOptions } from '../../../src/sinks/mock/destination.ts';
import { destinationContract } from '../../contract/destination.ts';
import { network } from '../../support/network.ts';
import { aPayout, aRequest } from '../../support/telling.ts';

const baseUrl = 'http://self.test:3000';
const url = `${baseUrl}/destinations/pagerduty`;
const mock = (more: Partial<MockOptions> = {}) =>
  createMock(
    {
      name: 'pagerduty',
      reachesPeople: false,
      fallback: null,
      baseUrl: () => baseUrl,
      apiToken: null,
      timeoutMs: 10_000,
      ...more,
    },
    createHttpClient(noProxySettings),
  );

destinationContract('the mock', {
  url,
  accept: () => new HttpResponse(null, { status: 202 }),
  odd: [200, 201, 204],
  create: ({ url: address, secret, timeoutMs }) =>
    mock({ baseUrl: () => new URL(address).origin, apiToken: secret, timeoutMs }),
});

const sent = async (apiToken: string | null) => {
  const requests: Request[] = [];
  network.use(
    http.post(url, ({ request }) => {
      requests.push(request.clone());
      return new HttpResponse(null, { status: 202 });
    }),
  );
  await mock({ apiToken }).send(aRequest());
  return { authorization: requests[0]?.headers.get('authorization'), body: await requests[0]?.json() };
};

it('stands in for "pagerduty", reaches nobody, gets every event by itself and at any pace', () => {
  expect(mock()).toMatchObject({
    name: 'pagerduty',
    type: 'mock',
    reachesPeople: false,
    updateEveryMs: null,
    showsWords: false,
    hasKeys: true,
    perMinute: null,
  });
});

it.each([
  ['without an API token shows none', null, null],
  ['with an API token shows it', 'tok_1', 'Bearer tok_1'],
])('the unified event is posted as it is, with its raw, and a mock %s', async (_, apiToken, authorization) => {
  expect(await sent(apiToken)).toEqual({ authorization, body: aPayout() });
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
  const destination = mock({ baseUrl: () => `http://${host}` });
  await destination.send(aRequest());
  host = 'second.test';
  await destination.send(aRequest());
  expect(asked).toEqual(['first.test', 'second.test']);
});
