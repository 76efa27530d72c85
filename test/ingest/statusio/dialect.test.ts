import { expect, it } from 'vitest';
import * as z from 'zod';
import { statusio } from '../../../src/ingest/statusio/dialect.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');
const container = (id: string, status_code: unknown, more: object = {}) => ({
  id,
  name: `Region ${id}`,
  updated: '2026-03-10T11:00:00.000Z',
  status: 'x',
  status_code,
  ...more,
});
const component = (id: string, containers: readonly unknown[] | undefined, status_code: unknown = 100) => ({
  id,
  name: `Component ${id}`,
  updated: '2026-03-10T11:30:00.000Z',
  status: 'x',
  status_code,
  containers,
});
const message = (state: number | null, status: number | null, minute: number, more: object = {}) => ({
  details: `At ${minute}`,
  state,
  status,
  datetime: `2026-03-10T11:${minute}:00.000Z`,
  ...more,
});
const incident = (id: string, more: object = {}) => ({
  _id: id,
  name: `Incident ${id}`,
  datetime_open: '2026-03-10T11:00:00.000Z',
  messages: [message(100, 400, 10)],
  containers_affected: [{ _id: 'eu', name: 'Region eu' }],
  components_affected: [{ _id: 'a', name: 'Component a' }],
  ...more,
});
const web = component('a', [container('eu', 400), container('us', 100)]);
const mail = component('b', [container('eu', 100)]);

interface Parts {
  readonly status?: readonly unknown[];
  readonly incidents?: readonly unknown[];
  readonly active?: readonly unknown[];
  readonly upcoming?: readonly unknown[];
  readonly overall?: number;
}
const documentOf = ({ status = [web, mail], incidents = [], active = [], upcoming = [], overall = 400 }: Parts) => ({
  result: {
    status_overall: { updated: '2026-03-10T11:40:00.000Z', status: 'x', status_code: overall },
    status,
    incidents,
    maintenance: { active, upcoming },
  },
});
const read = (parts: Parts) => statusio.read([documentOf(parts)], nowMs);
const only = (more: object) => read({ incidents: [incident('i', more)] }).incidents[0];

it('reads the status page, each component in each of its containers, and what goes on', () => {
  const raw = incident('i');
  expect(read({ incidents: [raw], status: [web] })).toEqual({
    dialect: 'statusio',
    pageId: 'a',
    pageName: null,
    url: null,
    updatedAt: '2026-03-10T11:40:00.000Z',
    contradictsItself: false,
    incidents: [
      {
        id: 'i',
        name: 'Incident i',
        status: 'investigating',
        impact: 'major',
        severity: 'critical',
        isMaintenance: false,
        isOver: false,
        startedAt: '2026-03-10T11:00:00.000Z',
        updatedAt: '2026-03-10T11:10:00.000Z',
        resolvedAt: null,
        description: 'At 10',
        url: null,
        components: [{ id: 'a/eu', name: 'Component a' }],
        raw,
      },
    ],
    components: [
      {
        id: 'a/eu',
        name: 'Component a',
        status: 'partial_outage',
        severity: 'critical',
        isWell: false,
        updatedAt: '2026-03-10T11:00:00.000Z',
        groupId: 'eu',
        groupName: 'Region eu',
        raw: web,
      },
      {
        id: 'a/us',
        name: 'Component a',
        status: 'operational',
        severity: 'info',
        isWell: true,
        updatedAt: '2026-03-10T11:00:00.000Z',
        groupId: 'us',
        groupName: 'Region us',
        raw: web,
      },
    ],
    malformed: { count: 0, named: [] },
  });
});

it.each([
  [100, 'operational', 'info', true],
  [200, 'under_maintenance', 'info', false],
  [300, 'degraded_performance', 'warning', false],
  [400, 'partial_outage', 'critical', false],
  [500, 'major_outage', 'critical', false],
  [600, 'security_event', 'critical', false],
  [700, '700', null, false],
])('takes a component of the code %d for %s', (code, status, severity, isWell) => {
  expect(read({ status: [component('a', [container('eu', code)])] }).components).toMatchObject([
    { status, severity, isWell },
  ]);
  expect(read({ status: [component('a', undefined, code)] }).components).toMatchObject([
    { id: 'a', status, severity, isWell, groupId: null, groupName: null, updatedAt: '2026-03-10T11:30:00.000Z' },
  ]);
});

it.each([
  [100, 'investigating', false],
  [200, 'identified', false],
  [300, 'monitoring', false],
  [400, 'resolved', true],
  [500, '500', false],
  [null, 'investigating', false],
])('takes an incident in the state %d for %s', (state, status, isOver) => {
  expect(only({ messages: [message(state, 300, 10)] })).toMatchObject({
    status,
    isOver,
    resolvedAt: isOver ? '2026-03-10T11:10:00.000Z' : null,
  });
});

it.each([
  ['its newest message', [message(200, 500, 20), message(100, 300, 10)], 'critical', 'critical'],
  ['a newer one that is milder', [message(100, 500, 10), message(200, 300, 20)], 'minor', 'warning'],
  [
    'those before it, where it says operational',
    [message(100, 500, 10), message(300, 100, 20)],
    'critical',
    'critical',
  ],
  ['operational alone', [message(100, 100, 10)], 'none', 'info'],
  ['a number that nobody knows', [message(100, 900, 10)], '900', null],
  ['no number', [message(100, null, 10), 'odd'], null, 'warning'],
  ['no message', null, null, 'warning'],
])('how bad an incident is is told by %s', (_what, messages, impact, severity) => {
  expect(only({ messages })).toMatchObject({ impact, severity });
});

it('the newest words describe an incident, in whichever order they are listed', () => {
  const messages = [message(100, 300, 10), message(200, 300, 30), message(200, 300, 20)];
  expect(only({ messages })).toMatchObject({ description: 'At 30', updatedAt: '2026-03-10T11:30:00.000Z' });
});

it.each([
  ['the pairs that it affects', {}, ['a/eu']],
  [
    'all pairs of a component, where it names no container of it',
    { containers_affected: [{ _id: 'x', name: 'X' }] },
    ['a/eu', 'a/us'],
  ],
  ['a component that is not listed', { components_affected: [{ _id: 'z', name: 'Z' }] }, ['z']],
  ['none', { components_affected: undefined }, []],
  ['those that can be read', { components_affected: [null, { _id: 'b', name: 'B' }] }, ['b/eu']],
])('an incident names %s', (_what, more, ids) => {
  expect(only(more)?.components.map(({ id }) => id)).toEqual(ids);
});

it('a maintenance is planned, under way or over, and never an outage', () => {
  const planned = { datetime_planned_start: '2026-03-12T00:00:00.000Z' };
  const { incidents } = read({
    active: [incident('now'), incident('done', { messages: [message(400, 200, 30)] })],
    upcoming: [incident('later', planned), incident('unplanned')],
  });
  expect(incidents.map(({ id, status, startedAt, isOver }) => [id, status, startedAt, isOver])).toEqual([
    ['now', 'in_progress', '2026-03-10T11:00:00.000Z', false],
    ['done', 'completed', '2026-03-10T11:00:00.000Z', true],
    ['later', 'scheduled', '2026-03-12T00:00:00.000Z', false],
    ['unplanned', 'scheduled', '2026-03-10T11:00:00.000Z', false],
  ]);
  for (const each of incidents)
    expect(each).toMatchObject({ isMaintenance: true, severity: 'info', impact: 'maintenance' });
});

it.each([
  [400, [mail], true],
  [600, [mail], true],
  [300, [mail], false],
  [100, [mail], false],
  [500, [web], false],
])('of the code %d as a whole, it contradicts itself: %#', (overall, status, expected) => {
  expect(read({ overall, status }).contradictsItself).toBe(expected);
});

it('is known by its oldest component, whatever comes, goes or is odd', () => {
  const idOf = (...status: readonly unknown[]) => read({ status }).pageId;
  expect([idOf(web, mail), idOf(mail, web), idOf(web), idOf(component('a', [], 'down'), mail)]).toEqual([
    'a',
    'a',
    'a',
    'a',
  ]);
  expect(idOf(mail)).toBe('b');
});

it('skips a malformed item and names it', () => {
  const { components, incidents, malformed } = read({
    status: [component('a', [container('eu', 'down'), container('us', 300)]), { id: 'b' }],
    incidents: [{ name: 'Nameless' }, incident('i')],
    active: [5],
  });
  expect(components.map(({ id }) => id)).toEqual(['a/us']);
  expect(incidents.map(({ id }) => id)).toEqual(['i']);
  expect(malformed.named.map((text) => text.split(':')[0])).toEqual([
    'status[1]',
    'status a containers[0]',
    'incidents[0]',
    'maintenance.active[0]',
  ]);
});

it.each([
  [{}],
  [null],
  [{ incidents: [incident('i')] }],
  [{ result: { status: [web] } }],
  [{ result: { ...documentOf({}).result, status: [] } }],
  [{ result: { ...documentOf({}).result, maintenance: undefined } }],
  [{ result: { ...documentOf({}).result, incidents: null } }],
  [{ status: { error: 'yes', message: 'Invalid ID' } }],
])('is not %j', (document) => {
  expect(() => statusio.read([document], nowMs)).toThrow(z.ZodError);
});
