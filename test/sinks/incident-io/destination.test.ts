import { HttpResponse, http } from 'msw';
import { expect, it } from 'vitest';
import { createHttpClient, noProxySettings } from '../../../src/lib/http-client.ts';
import { createIncidentIo } from '../../../src/sinks/incident-io/destination.ts';
import { destinationContract, requestOf } from '../../contract/destination.ts';
import { network } from '../../support/network.ts';
import { aMember, anAlert, aRequest, tellable } from '../../support/telling.ts';

const url = 'https://api.incident.io/v2/alert_events/http/01GW2G3V0S59R238FAHPDS1R66';
const token = 'inc_0123456789abcdef';
const incidentIo = (address = url, key = token, timeoutMs = 10_000) =>
  createIncidentIo(
    { name: 'io', reachesPeople: true, fallback: null, url: address, token: key, timeoutMs },
    createHttpClient(noProxySettings),
  );

destinationContract('incident.io', {
  url,
  accept: () =>
    HttpResponse.json(
      { status: 'success', message: 'Event accepted for processing', deduplication_key: 'k' },
      { status: 202 },
    ),
  odd: [200, 201, 204],
  create: ({ url: address, secret, timeoutMs }) => incidentIo(address, secret, timeoutMs),
});

it('tells what is wrong under the alert’s key, and its end under the same', () => {
  const members = [aMember({ title: 'API' }), aMember({ event_id: 'b', title: 'Web' })];
  const about = tellable(
    { source: 'acme_status', kind: 'incident', summary: 'API errors', description: 'Line one\n# Line two' },
    { page_name: 'Acme', url: 'https://stspg.io/abc' },
  );
  const request = aRequest({ about, alert: anAlert({ title: 'API errors', source: 'acme_status', members }) });
  expect(incidentIo().preview(request).body).toEqual({
    title: 'Acme: API errors',
    status: 'firing',
    deduplication_key: 'evt_1',
    description: 'API errors (Acme)\n\n> Line one\n> # Line two\n\n- API\n- Web',
    source_url: 'https://stspg.io/abc',
    metadata: {
      source: 'acme_status',
      severity: 'critical',
      event_id: 'evt_1',
      vendor: 'Acme',
      links: ['https://stspg.io/abc'],
    },
  });
  expect(incidentIo().preview(requestOf('resolve')).body).toMatchObject({
    status: 'resolved',
    deduplication_key: 'evt_1',
  });
});

it('a vendor’s title makes no link, image or HTML', () => {
  const text = '![x](https://evil.test) <b> [Alert](https://evil.test)';
  const members = [aMember({ title: text }), aMember({ event_id: 'b', title: 'Web' })];
  const about = tellable({ kind: 'incident', summary: text, description: null }, { page_name: 'Acme' });
  expect(incidentIo().preview(aRequest({ about, alert: anAlert({ title: text, members }) })).body).toMatchObject({
    description: String.raw`!\[x\](https://evil.test) \<b> \[Alert\](https://evil.test) (Acme)

- !\[x\](https://evil.test) \<b> \[Alert\](https://evil.test)
- Web`,
  });
});

// https://docs.incident.io/api-reference/errors
it.each([
  [401, 'authentication_error', 'permanent'],
  [404, 'not_found', 'permanent'],
  [422, 'validation_error', 'permanent'],
  [429, 'too_many_requests', 'throttled'],
])('%i %s is %s', async (status, type, outcome) => {
  network.use(
    http.post(url, () => HttpResponse.json({ type, status, errors: [{ message: `Bearer ${token}` }] }, { status })),
  );
  const result = await incidentIo().send(requestOf('trigger'));
  expect(result).toMatchObject({ outcome, statusCode: status });
  expect(JSON.stringify(result)).not.toContain(token);
});
