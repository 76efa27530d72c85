import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createHttpReader } from '../../src/ingest/polling/fetch.ts';
import { dialects } from '../../src/ingest/registry.ts';
import { noProxySettings } from '../../src/lib/http-client.ts';
import { network } from '../support/network.ts';
import { summary } from '../support/status-page.ts';

const host = 'https://status.acme.test';
const reader = (address: string) =>
  createHttpReader(address, {
    timeoutMs: 5000,
    maxBodyBytes: 100_000,
    proxy: noProxySettings,
    userAgent: 'test',
    dialects,
  });

/** A host that has these documents, and nothing elsewhere. */
const serve = (documents: Readonly<Record<string, unknown>>) =>
  network.use(
    http.get(`${host}*`, ({ request }) => {
      const document = documents[new URL(request.url).pathname];
      if (document instanceof Uint8Array) return new HttpResponse(Uint8Array.from(document).buffer);
      return document === undefined ? new HttpResponse(null, { status: 404 }) : HttpResponse.json(Object(document));
    }),
  );

const utf16 = (value: unknown) =>
  Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(JSON.stringify(value), 'utf16le').swap16()]);
const awsEvent = {
  arn: 'arn:aws:health:eu-west-1::event/SQS/ISSUE/1',
  date: '1773136800',
  status: '1',
  summary: 'São',
};
const googleIncident = {
  id: 'a',
  begin: '2026-03-10T10:00:00Z',
  external_desc: 'Slow',
  status_impact: 'SERVICE_OUTAGE',
};
const instatusPage = { name: 'Acme', url: 'https://acme.test', status: 'UP' };
const betterstackPage = { company_name: 'Acme', aggregate_state: 'operational' };

it.each([
  ['statuspage', '/', { '/api/v2/summary.json': summary({}) }],
  ['instatus', '/', { '/summary.json': { page: instatusPage }, '/v3/components.json': { components: [] } }],
  [
    'betterstack',
    '/',
    { '/index.json': { data: { id: '1', type: 'status_page', attributes: betterstackPage }, included: [] } },
  ],
  ['google', '/', { '/incidents.json': [googleIncident] }],
  ['google', '/appsstatus/dashboard/', { '/appsstatus/dashboard/incidents.json': [googleIncident] }],
  ['aws', '/', { '/public/currentevents': utf16([awsEvent]) }],
  ['aws', '/health/status', { '/public/currentevents': utf16([awsEvent]) }],
  ['aws', '/', { '/public/currentevents': utf16([]) }],
])('%s is found at the root %s', async (name, path, documents) => {
  serve(documents);
  expect(await reader(`${host}${path}`)()).toMatchObject({ dialect: name });
});

it.each([
  [
    'statusio',
    '/1.0/status/5b36',
    {
      result: {
        status_overall: { status_code: 100 },
        status: [{ id: 'a', name: 'API', status_code: 100 }],
        incidents: [],
        maintenance: { active: [], upcoming: [] },
      },
    },
  ],
  ['salesforce', '/v1/instances/EU1/status', { key: 'EU1', status: 'OK', isActive: true, Incidents: [] }],
  ['salesforce', '/v1/products/Acme', { key: 'Acme', Instances: [{ key: 'EU1', status: 'OK', isActive: true }] }],
])('%s is found at its own address %s', async (name, path, document) => {
  serve({ [path]: document });
  expect(await reader(`${host}${path}`)()).toMatchObject({ dialect: name });
});

it('an empty list elsewhere is of no dialect', async () => {
  serve({ '/incidents.json': [], '/events.json': [] });
  await expect(reader(`${host}/events.json`)()).rejects.toThrow('an empty list may be of anybody');
  await expect(reader(host)()).rejects.toThrow('no status page that we can read is there');
});

it('only an empty list may be of anybody, and none that AWS itself gives', async () => {
  serve({ '/public/currentevents': [] });
  expect(await reader(host)()).toMatchObject({ isOfAnybody: true });
  serve({ '/public/currentevents': [awsEvent] });
  expect(await reader(host)()).not.toHaveProperty('isOfAnybody');
  const own = 'https://health.aws.amazon.com/public/currentevents';
  network.use(http.get(own, () => HttpResponse.json([])));
  expect(await reader(own)()).not.toHaveProperty('isOfAnybody');
});

it('all that was open at AWS is over when its list is empty', async () => {
  serve({ '/public/currentevents': [awsEvent] });
  const read = reader(host);
  expect((await read()).incidents).toHaveLength(1);
  serve({ '/public/currentevents': [] });
  expect(await read()).toMatchObject({ dialect: 'aws', incidents: [], malformed: { count: 0 } });
});

it('the links of Google are those of the place where it was read', async () => {
  serve({ '/eu/incidents.json': [{ ...googleIncident, uri: 'incidents/a' }] });
  expect(await reader(`${host}/eu`)()).toMatchObject({
    url: `${host}/eu`,
    incidents: [{ url: `${host}/eu/incidents/a` }],
  });
});
