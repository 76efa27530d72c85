import { expect, it } from 'vitest';
import * as z from 'zod';
import { salesforce } from '../../../src/ingest/salesforce/dialect.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');
const impact = (more: object = {}) => ({
  id: 1,
  startTime: '2026-03-10T10:00:00.000Z',
  endTime: null,
  type: 'performanceDegradation',
  severity: 'major',
  updatedAt: '2026-03-10T10:40:00.000Z',
  ...more,
});
const incident = (id: unknown, more: object = {}) => ({
  id,
  status: 'Active',
  type: 'Degradation',
  createdAt: '2026-03-10T10:20:00.000Z',
  updatedAt: '2026-03-10T10:30:00.000Z',
  message: { rootCause: null },
  serviceKeys: ['coreService'],
  IncidentImpacts: [impact()],
  IncidentEvents: [{ type: 'update', message: 'We look into it', createdAt: '2026-03-10T10:30:00.000Z' }],
  ...more,
});
const instance = (key: string, status = 'OK', more: object = {}) => ({
  key,
  location: 'EMEA',
  environment: 'production',
  status,
  isActive: true,
  updatedAt: '2024-01-01T00:00:00.000Z',
  Incidents: [],
  ...more,
});
const read = (...Instances: readonly unknown[]) =>
  salesforce.read([{ key: 'Acme', name: 'Acme Cloud', isActive: true, Instances }], nowMs);
const only = (more: object) => read(instance('EU1', 'OK', { Incidents: [incident(7, more)] })).incidents[0];

it('reads a product with its instances, and what goes on', () => {
  const raw = incident(7);
  const down = instance('EU1', 'MAJOR_INCIDENT_CORE', { Incidents: [raw] });
  expect(read(down)).toEqual({
    dialect: 'salesforce',
    pageId: 'product:Acme',
    pageName: 'Acme Cloud',
    url: 'https://status.salesforce.com',
    updatedAt: null,
    contradictsItself: false,
    incidents: [
      {
        id: '7',
        name: 'Incident 7: performance degradation of coreService',
        status: 'Active',
        impact: 'major',
        severity: 'critical',
        isMaintenance: false,
        isOver: false,
        startedAt: '2026-03-10T10:00:00.000Z',
        updatedAt: '2026-03-10T10:40:00.000Z',
        resolvedAt: null,
        description: 'We look into it',
        url: 'https://status.salesforce.com/incidents/7',
        components: [{ id: 'EU1', name: 'EU1' }],
        raw,
      },
    ],
    components: [
      {
        id: 'EU1',
        name: 'EU1',
        status: 'major_outage',
        severity: 'critical',
        isWell: false,
        updatedAt: null,
        groupId: 'EMEA',
        groupName: 'EMEA',
        raw: down,
      },
    ],
    malformed: { count: 0, named: [] },
  });
});

it('reads one instance by itself', () => {
  const lone = {
    key: 'POD1',
    status: 'MINOR_INCIDENT_NONCORE',
    isActive: true,
    Incidents: [incident(7)],
    Maintenances: [],
  };
  expect(salesforce.read([lone], nowMs)).toMatchObject({
    pageId: 'instance:POD1',
    pageName: 'POD1',
    incidents: [{ id: '7', components: [{ id: 'POD1' }] }],
    components: [{ id: 'POD1', status: 'degraded_performance', groupName: null }],
  });
});

it.each([
  ['OK', 'operational', 'info', true],
  ['INFORMATIONAL_CORE', 'informational', 'info', false],
  ['INFORMATIONAL_NONCORE', 'informational', 'info', false],
  ['MAINTENANCE_CORE', 'under_maintenance', 'info', false],
  ['MAINTENANCE_NONCORE', 'under_maintenance', 'info', false],
  ['MINOR_INCIDENT_CORE', 'degraded_performance', 'warning', false],
  ['MINOR_INCIDENT_NONCORE', 'degraded_performance', 'warning', false],
  ['MAJOR_INCIDENT_NONCORE', 'partial_outage', 'critical', false],
  ['MAJOR_INCIDENT_CORE', 'major_outage', 'critical', false],
  ['ON_FIRE', 'ON_FIRE', null, false],
])('takes an instance that is %s for %s', (word, status, severity, isWell) => {
  expect(read(instance('EU1', word)).components).toMatchObject([{ status, severity, isWell }]);
});

it('an instance that is out of service is neither well nor ill', () => {
  const off = instance('OLD', 'MAJOR_INCIDENT_CORE', { isActive: false, Incidents: [incident(7)] });
  expect(read(instance('EU1'), off)).toMatchObject({ incidents: [], components: [{ id: 'EU1' }] });
});

it('an incident of many instances is one, and names them all', () => {
  const both = [
    instance('EU1', 'OK', { Incidents: [incident(7)] }),
    instance('EU2', 'OK', { Incidents: [incident(7), incident(8)] }),
  ];
  expect(read(...both).incidents.map(({ id, components }) => [id, ...components.map(({ name }) => name)])).toEqual([
    ['7', 'EU1', 'EU2'],
    ['8', 'EU2'],
  ]);
});

it('of copies of an incident that differ the worse one counts, and all instances are named', () => {
  const copies = [incident(7, { status: 'Resolved' }), incident(7), incident('7', { IncidentImpacts: [] })];
  const instances = copies.map((copy, at) => instance(`EU${at}`, 'OK', { Incidents: [copy] }));
  for (const listed of [instances, instances.toReversed()])
    expect(read(...listed).incidents).toMatchObject([
      { id: '7', isOver: false, severity: 'critical', components: listed.map(({ key }) => ({ id: key })) },
    ]);
});

it.each([
  ['is called resolved', { status: 'Resolved' }, null],
  [
    'is called resolved and has an end',
    { status: 'Resolved', IncidentImpacts: [impact({ endTime: '2026-03-10T11:00:00Z' })] },
    '2026-03-10T11:00:00.000Z',
  ],
  [
    'has ended wherever it was',
    { IncidentImpacts: [impact({ endTime: '2026-03-10T11:30:00Z' }), impact({ endTime: '2026-03-10T11:00:00Z' })] },
    '2026-03-10T11:30:00.000Z',
  ],
])('an incident that %s is over', (_which, more, resolvedAt) => {
  expect(only(more)).toMatchObject({ isOver: true, status: 'resolved', resolvedAt });
});

it.each([
  ['has ended in one place alone', { IncidentImpacts: [impact({ endTime: '2026-03-10T11:30:00Z' }), impact()] }],
  ['has an empty end', { IncidentImpacts: [impact({ endTime: '' })] }],
  ['will end', { IncidentImpacts: [impact({ endTime: '2026-03-10T13:00:00Z' })] }],
  ['tells no impact', { IncidentImpacts: [] }],
  ['tells no status', { status: undefined }],
])('an incident that %s goes on', (_which, more) => {
  expect(only(more)).toMatchObject({ isOver: false, resolvedAt: null, status: 'Active' });
});

it('leaves out what ended more than a week ago', () => {
  const old = { status: 'Resolved', IncidentImpacts: [impact({ endTime: '2026-03-03T11:00:00Z' })] };
  expect(only(old)).toBeUndefined();
});

it.each([
  ['its worst impact', { IncidentImpacts: [impact({ severity: 'minor' }), impact()] }, 'major', 'critical'],
  ['its only impact', { IncidentImpacts: [impact({ severity: 'minor' })] }, 'minor', 'warning'],
  ['a word that nobody knows', { IncidentImpacts: [impact({ severity: 'huge' })] }, 'huge', null],
  ['its type', { IncidentImpacts: [], type: 'Disruption' }, 'major', 'critical'],
  ['its milder type', { IncidentImpacts: null, type: 'Degradation' }, 'minor', 'warning'],
  ['a type that nobody knows', { IncidentImpacts: [], type: 'Fire' }, 'Fire', null],
  ['nothing', { IncidentImpacts: [], type: undefined }, null, 'warning'],
])('how bad an incident is is told by %s', (_what, more, word, severity) => {
  expect(only(more)).toMatchObject({ impact: word, severity });
});

it.each([
  [{ serviceKeys: [] }, 'Incident 7: performance degradation'],
  [{ IncidentImpacts: [], serviceKeys: undefined }, 'Incident 7: Degradation'],
  [{ IncidentImpacts: [], type: null, serviceKeys: null }, 'Incident 7: incident'],
  [{ serviceKeys: ['a', 'b', 'c', 'd', 'e', 'f', 5] }, 'Incident 7: performance degradation of a, b, c, d, e, …'],
])('with %j it is called %s', (more, name) => {
  expect(only(more)?.name).toBe(name);
});

it('the newest words describe it, in whichever order they are listed', () => {
  const events = [
    { message: 'Second', createdAt: '2026-03-10T11:30:00Z' },
    { message: null, createdAt: '2026-03-10T11:50:00Z' },
    { message: 'First', createdAt: '2026-03-10T11:00:00Z' },
    'odd',
  ];
  expect(only({ IncidentEvents: events })).toMatchObject({
    description: 'Second',
    updatedAt: '2026-03-10T11:50:00.000Z',
  });
  expect(only({ IncidentEvents: events.toReversed() })?.description).toBe('Second');
  expect(only({ IncidentEvents: null })?.description).toBeNull();
});

it.each([
  ['planned', '2026-03-11T00:00:00Z', '2026-03-11T04:00:00Z', 'scheduled', false],
  ['under way', '2026-03-10T11:00:00Z', '2026-03-10T13:00:00Z', 'in_progress', false],
  ['over', '2026-03-10T09:00:00Z', '2026-03-10T11:00:00Z', 'completed', true],
])('tells by its times a maintenance that is %s', (_which, plannedStartTime, plannedEndTime, status, isOver) => {
  const maintenance = { id: 7, name: 'Release', plannedStartTime, plannedEndTime };
  const listing = instance('EU1', 'OK', { Incidents: [incident(7)], Maintenances: [maintenance] });
  expect(read(listing).incidents).toMatchObject([
    { id: '7' },
    { id: 'maintenance-7', name: 'Release', isMaintenance: true, severity: 'info', status, isOver },
  ]);
});

it('skips a malformed item and names it', () => {
  const odd = [
    incident(7, { IncidentImpacts: [impact({ endTime: 'soon' })] }),
    { status: 'Active' },
    null,
    incident(8),
  ];
  const { incidents, components, malformed } = read({ key: 'X' }, instance('EU1', 'OK', { Incidents: odd }));
  expect(components.map(({ id }) => id)).toEqual(['EU1']);
  expect(incidents.map(({ id }) => id)).toEqual(['8']);
  expect(malformed.count).toBe(4);
  expect(malformed.named[0]).toContain('Instances[0]: ');
  expect(malformed.named[1]).toContain('IncidentImpacts.0.endTime: expected a time');
});

it.each([
  [{}],
  [null],
  [[instance('EU1')]],
  [{ key: 'Acme', Instances: [] }],
  [{ key: 'Acme', Instances: [{ key: 'EU1' }] }],
  [{ key: 'EU1', status: 'OK', isActive: true }],
  [{ key: 'EU1', status: 'OK', Incidents: [] }],
  [{ message: 'Instance not found' }],
])('is not %j', (document) => {
  expect(() => salesforce.read([document], nowMs)).toThrow(z.ZodError);
});
