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

/** Documents of each dialect in which every word for how something is, is one that nobody knows. */
const strange: Readonly<Record<string, unknown>> = {
  statuspage: {
    page: { id: 'acme' },
    incidents: [incident('1', { status: 'on_fire', impact: 'on_fire' })],
    components: [component('a', 'on_fire')],
  },
  instatus: {
    page: { name: 'Acme', url: 'https://acme.test', status: 'ONFIRE' },
    activeIncidents: [{ id: '1', name: 'Slow', status: 'ONFIRE', impact: 'ONFIRE' }],
    components: [{ id: 'a', name: 'A', status: 'ONFIRE' }],
  },
  betterstack: {
    data: { id: '1', type: 'status_page', attributes: { company_name: 'Acme', aggregate_state: 'on_fire' } },
    included: [
      { id: '1', type: 'status_report', attributes: { title: 'Slow', aggregate_state: 'on_fire' } },
      { id: 'a', type: 'status_page_resource', attributes: { public_name: 'A', status: 'on_fire' } },
    ],
  },
  google: [
    {
      id: 'a',
      begin: '2026-03-10T10:00:00Z',
      external_desc: 'Slow',
      status_impact: 'ON_FIRE',
      severity: 'on_fire',
      most_recent_update: { status: 'ON_FIRE' },
      uri: 'incidents/a',
    },
  ],
  aws: [{ arn: 'arn:aws:health:eu-west-1::event/SQS/ISSUE/1', date: '1773136800', status: '9', summary: 'Slow' }],
  statusio: {
    result: {
      status_overall: { status_code: 999 },
      status: [{ id: 'a', name: 'API', status_code: 999, containers: [] }],
      incidents: [{ _id: '1', name: 'Slow', messages: [{ state: 999, status: 999 }] }],
      maintenance: { active: [], upcoming: [] },
    },
  },
  salesforce: {
    key: 'Acme',
    Instances: [
      {
        key: 'EU1',
        status: 'ON_FIRE',
        location: 'EMEA',
        isActive: true,
        Incidents: [{ id: 1, status: 'OnFire', IncidentImpacts: [{ type: 'onFire', severity: 'onFire' }] }],
      },
    ],
  },
};

it.each(dialects)('$name: a word that we do not know is never well nor over, and counts as a warning', (dialect) => {
  const { incidents, components, malformed } = dialect.read([strange[dialect.name]], nowMs);
  expect(malformed.count).toBe(0);
  expect(incidents).toMatchObject([{ severity: null, isOver: false }]);
  expect(components.filter(({ isWell, severity }) => isWell || severity !== null)).toEqual([]);
});

/** Documents that list nothing wrong, while the whole status page has one word for itself. */
const calm: Readonly<Record<string, (word: string | number) => unknown>> = {
  statuspage: (indicator) => ({ page: { id: 'acme' }, status: { indicator }, components: [] }),
  instatus: (status) => ({ page: { name: 'Acme', url: 'https://acme.test', status }, components: [] }),
  betterstack: (word) => ({
    data: { id: '1', type: 'status_page', attributes: { company_name: 'Acme', aggregate_state: word } },
    included: [],
  }),
  statusio: (code) => ({
    result: {
      status_overall: { status_code: code },
      status: [{ id: 'a', name: 'API', status_code: 100 }],
      incidents: [],
      maintenance: { active: [], upcoming: [] },
    },
  }),
};

it.each([
  ['statuspage', 'none', false],
  ['statuspage', 'minor', false],
  ['statuspage', 'maintenance', false],
  ['statuspage', 'on_fire', true],
  ['instatus', 'UP', false],
  ['instatus', 'UNDERMAINTENANCE', false],
  ['instatus', 'HASISSUES', true],
  ['instatus', 'ONFIRE', true],
  ['betterstack', 'operational', false],
  ['betterstack', 'maintenance', false],
  ['betterstack', 'on_fire', true],
  ['statusio', 100, false],
  ['statusio', 300, false],
  ['statusio', 999, true],
])('%s: a status page that calls itself %s and lists nothing wrong contradicts itself: %s', (name, word, expected) => {
  const dialect = dialects.find((each) => each.name === name);
  expect(dialect?.read([calm[name]?.(word)], nowMs).contradictsItself).toBe(expected);
});
