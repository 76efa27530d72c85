import { expect, it } from 'vitest';
import { incidentsFileSchema, pollsOfIncidents } from '../../../src/cli/replay/incidents-file.ts';

const at = (time: string): string => `2026-02-10T${time}:00.000Z`;

const update = (time: string, status: string, api?: string) => ({
  id: `u${time}`,
  status,
  body: `It is ${status}.`,
  created_at: at(time),
  affected_components: api ? [{ code: 'api', name: 'API', old_status: 'operational', new_status: api }] : null,
});

const file = {
  page: { id: 'acme', name: 'Acme', url: 'https://status.acme.test' },
  incidents: [
    {
      id: 'inc1',
      name: 'API errors',
      status: 'resolved',
      impact: 'major',
      created_at: '2026-02-10T09:00:00.000-01:00',
      resolved_at: at('11:00'),
      incident_updates: [
        update('11:00', 'resolved', 'operational'),
        update('10:30', 'monitoring', 'degraded_performance'),
        update('10:00', 'investigating', 'major_outage'),
      ],
    },
  ],
};

const polls = (value: unknown) => pollsOfIncidents(incidentsFileSchema.parse(value));
const bodyAt = (value: unknown, time: string) => polls(value).find(({ atMs }) => atMs === Date.parse(at(time)))?.body;

it('there is a poll for each moment at which something changed, and one before', () => {
  expect(polls(file).map(({ atMs }) => new Date(atMs).toISOString())).toEqual([
    at('09:59'),
    at('10:00'),
    at('10:30'),
    at('11:00'),
  ]);
});

it('before the incident the status page is well, and lists the component that it will name', () => {
  expect(bodyAt(file, '09:59')).toMatchObject({
    page: { id: 'acme', updated_at: at('09:59') },
    incidents: [],
    components: [{ id: 'api', name: 'API', status: 'operational' }],
  });
});

it('meanwhile the incident has the updates of until then, and the component the status that they gave it', () => {
  expect(bodyAt(file, '10:30')).toMatchObject({
    incidents: [
      {
        id: 'inc1',
        status: 'monitoring',
        impact: 'major',
        updated_at: at('10:30'),
        resolved_at: null,
        components: [{ id: 'api', status: 'degraded_performance' }],
        incident_updates: [{ status: 'monitoring' }, { status: 'investigating' }],
      },
    ],
    components: [{ id: 'api', status: 'degraded_performance', updated_at: at('10:30') }],
  });
});

it('at its end the incident is gone, and the component is well', () => {
  expect(bodyAt(file, '11:00')).toMatchObject({ incidents: [], components: [{ id: 'api', status: 'operational' }] });
});

it('a component is well after its incident even if no update said so', () => {
  const [incident] = file.incidents;
  const updates = [update('11:00', 'resolved'), update('10:00', 'investigating', 'major_outage')];
  const silent = { ...file, incidents: [{ ...incident, incident_updates: updates }] };
  expect(bodyAt(silent, '10:00')).toMatchObject({ components: [{ status: 'major_outage' }] });
  expect(bodyAt(silent, '11:00')).toMatchObject({ components: [{ status: 'operational' }] });
});

it('an incident without updates has the state of its own, and is as new as itself', () => {
  const [incident] = file.incidents;
  const bare = { ...file, incidents: [{ ...incident, status: 'identified', resolved_at: null, incident_updates: [] }] };
  expect(polls(bare)).toHaveLength(2);
  expect(bodyAt(bare, '10:00')).toMatchObject({ incidents: [{ status: 'identified', updated_at: at('10:00') }] });
});

it('an incident is being investigated until its first update', () => {
  const [incident] = file.incidents;
  const late = { ...file, incidents: [{ ...incident, incident_updates: [update('10:30', 'monitoring')] }] };
  expect(bodyAt(late, '10:00')).toMatchObject({ incidents: [{ status: 'investigating', updated_at: at('10:00') }] });
});

it('an incident whose last update says that it is over is gone, even if it has no end', () => {
  const [incident] = file.incidents;
  expect(bodyAt({ ...file, incidents: [{ ...incident, resolved_at: null }] }, '11:00')).toMatchObject({
    incidents: [],
  });
});

it('what an update names as affected in an unknown form is left out', () => {
  const [incident] = file.incidents;
  const updates = [{ ...update('10:00', 'investigating'), affected_components: ['API'] }];
  const odd = { ...file, incidents: [{ ...incident, incident_updates: updates }] };
  expect(bodyAt(odd, '10:00')).toMatchObject({ components: [], incidents: [{ id: 'inc1', components: [] }] });
});

it('maintenances are listed as such', () => {
  const { page, incidents } = file;
  const maintenance = { page, scheduled_maintenances: incidents.map((each) => ({ ...each, impact: 'maintenance' })) };
  expect(bodyAt(maintenance, '10:00')).toMatchObject({ incidents: [], scheduled_maintenances: [{ id: 'inc1' }] });
});

it('a history without incidents has no polls', () => {
  expect(polls({ page: file.page, incidents: [] })).toEqual([]);
});

it.each([
  ['a summary', { page: file.page, incidents: [], components: [] }],
  [
    'an incident with a time that is none',
    { page: file.page, incidents: [{ ...file.incidents[0], created_at: 'soon' }] },
  ],
  ['a list', []],
])('%s is no history', (_what, value) => {
  expect(incidentsFileSchema.safeParse(value).success).toBe(false);
});
