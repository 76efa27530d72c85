import { expect, it } from 'vitest';
import { readBy } from '../../src/ingest/polling/read-documents.ts';
import { dialects } from '../../src/ingest/registry.ts';
import { component, incident, summary } from '../support/status-page.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');

/** A small whole document of each dialect; several documents are one. */
const documents: Readonly<Record<string, unknown>> = {
  statuspage: summary({ incidents: [incident('1')], components: [component('a', 'operational')] }),
  instatus: { page: { name: 'Acme', url: 'https://acme.test', status: 'UP' }, components: [] },
  betterstack: {
    data: { id: '1', type: 'status_page', attributes: { company_name: 'Acme', aggregate_state: 'operational' } },
    included: [],
  },
  google: [
    {
      id: 'a',
      begin: '2026-03-10T10:00:00Z',
      external_desc: 'Slow',
      status_impact: 'SERVICE_OUTAGE',
      uri: 'incidents/a',
    },
  ],
  aws: [{ arn: 'arn:aws:health:eu-west-1::event/SQS/ISSUE/1', date: '1773136800', status: '1', summary: 'Slow' }],
  statusio: {
    result: {
      status_overall: { status_code: 100 },
      status: [{ id: 'a', name: 'API', status_code: 100, containers: [] }],
      incidents: [],
      maintenance: { active: [], upcoming: [] },
    },
  },
  salesforce: {
    key: 'Acme',
    Instances: [{ key: 'EU1', status: 'OK', location: 'EMEA', isActive: true, Incidents: [] }],
  },
};

const takenBy = (document: unknown): readonly string[] =>
  dialects.filter((dialect) => 'summary' in readBy(dialect, [document], nowMs)).map(({ name }) => name);

it('every dialect has a document here', () => {
  expect(Object.keys(documents)).toEqual(dialects.map(({ name }) => name));
});

it.each(Object.entries(documents))('a document of %s is read by that dialect and by no other', (name, document) => {
  expect(takenBy(document)).toEqual([name]);
});

it.each([
  ['an empty list', []],
  ['an empty object', {}],
  ['nothing', null],
  ['a text', 'ok'],
  ['a list of texts', ['ok']],
  ['an error', { status: 500, error: 'Internal Server Error' }],
  ['a list of things with an id', [{ id: '1', name: 'Acme', status: 'ok' }]],
  ['components alone', { components: [{ id: '1', name: 'API', status: 'operational' }] }],
  ['incidents alone', { incidents: [{ _id: '1', name: 'Slow' }] }],
  ['services', { services: [{ serviceName: 'Store', events: [] }] }],
  ['organisations', [{ name: 'Acme', services: [{ name: 'API', statuses: [] }] }]],
  ['products', { products: [{ key: 'a', name: 'A' }] }],
  ['GeoJSON', { type: 'FeatureCollection', features: [] }],
  ['JSON:API', { data: { id: '1', type: 'monitor', attributes: {} }, included: [] }],
])('%s is of no dialect', (_what, document) => {
  expect(takenBy(document)).toEqual([]);
});
