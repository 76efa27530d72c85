import { expect, it } from 'vitest';
import * as z from 'zod';
import { instatus } from '../../../src/ingest/instatus/dialect.ts';
import { statuspage } from '../../../src/ingest/statuspage/dialect.ts';

const page = { name: 'Acme', url: 'https://status.acme.test', status: 'UP' };
const component = (id: string, status: string, more: object = {}) => ({ id, name: `Component ${id}`, status, ...more });
const incident = (more: object = {}) => ({
  id: 'i1',
  name: 'Slow answers',
  started: '2026-03-01T11:00:00.000Z',
  status: 'INVESTIGATING',
  impact: 'PARTIALOUTAGE',
  url: 'https://status.acme.test/i1',
  updatedAt: '2026-03-01T11:10:00.000Z',
  ...more,
});
const readAll = (...documents: readonly unknown[]) => instatus.read(documents, 0);
const read = (head: object, components: readonly object[] = []) => readAll({ page, ...head }, { components });

it('reads what is under way from one document and the components from another', () => {
  const raw = incident();
  const slow = component('c1', 'DEGRADEDPERFORMANCE', { group: { id: 'g1', name: 'Europe' } });
  expect(read({ activeIncidents: [raw] }, [slow])).toEqual({
    dialect: 'instatus',
    pageId: 'https://status.acme.test',
    pageName: 'Acme',
    url: 'https://status.acme.test',
    updatedAt: null,
    contradictsItself: false,
    incidents: [
      {
        id: 'i1',
        name: 'Slow answers',
        status: 'investigating',
        impact: 'major',
        severity: 'critical',
        isMaintenance: false,
        isOver: false,
        startedAt: '2026-03-01T11:00:00.000Z',
        updatedAt: '2026-03-01T11:10:00.000Z',
        resolvedAt: null,
        description: null,
        url: 'https://status.acme.test/i1',
        components: [],
        raw,
      },
    ],
    components: [
      {
        id: 'c1',
        name: 'Component c1',
        status: 'degraded_performance',
        severity: 'warning',
        isWell: false,
        updatedAt: null,
        groupId: 'g1',
        groupName: 'Europe',
        raw: slow,
      },
    ],
    malformed: { count: 0, named: [] },
  });
});

it('reads one document that holds the contents of both', () => {
  const merged = { page, components: [component('c1', 'OPERATIONAL')], activeIncidents: [incident()] };
  expect(readAll(merged)).toMatchObject({ incidents: [{ id: 'i1' }], components: [{ isWell: true }] });
});

it.each([
  ['OPERATIONAL', 'operational', 'info', true],
  ['UNDERMAINTENANCE', 'under_maintenance', 'info', false],
  ['DEGRADEDPERFORMANCE', 'degraded_performance', 'warning', false],
  ['MINOROUTAGE', 'degraded_performance', 'warning', false],
  ['PARTIALOUTAGE', 'partial_outage', 'critical', false],
  ['MAJOROUTAGE', 'major_outage', 'critical', false],
  ['ONFIRE', 'ONFIRE', null, false],
])('takes a component that is %s for %s', (word, status, severity, isWell) => {
  expect(read({}, [component('c1', word)]).components).toMatchObject([{ status, severity, isWell }]);
});

it.each([
  ['OPERATIONAL', 'none', 'info'],
  ['UNDERMAINTENANCE', 'maintenance', 'info'],
  ['DEGRADEDPERFORMANCE', 'minor', 'warning'],
  ['MINOROUTAGE', 'minor', 'warning'],
  ['PARTIALOUTAGE', 'major', 'critical'],
  ['MAJOROUTAGE', 'critical', 'critical'],
  ['ONFIRE', 'ONFIRE', null],
  [undefined, null, 'warning'],
])('takes an incident of impact %s for %s', (word, impact, severity) => {
  expect(read({ activeIncidents: [incident({ impact: word })] }).incidents).toMatchObject([{ impact, severity }]);
});

it('tells a planned maintenance from one under way, and what is over', () => {
  const maintenance = (id: string, status: string) => ({ id, name: id, start: '2026-03-09T00:00:00Z', status });
  const activeMaintenances = [
    maintenance('a', 'NOTSTARTEDYET'),
    maintenance('b', 'INPROGRESS'),
    maintenance('c', 'COMPLETED'),
  ];
  expect(read({ activeIncidents: [incident({ status: 'RESOLVED' })], activeMaintenances }).incidents).toMatchObject([
    { id: 'i1', isOver: true, status: 'resolved' },
    { id: 'a', isMaintenance: true, status: 'scheduled', isOver: false, startedAt: '2026-03-09T00:00:00.000Z' },
    { id: 'b', status: 'in_progress', isOver: false },
    { id: 'c', status: 'completed', isOver: true },
  ]);
});

it('makes no event of a parent, which mirrors its children', () => {
  expect(
    read({}, [component('g', 'MAJOROUTAGE', { isParent: true }), component('c1', 'OPERATIONAL')]).components,
  ).toHaveLength(1);
});

it('contradicts itself when it has issues and lists none', () => {
  expect(read({ page: { ...page, status: 'HASISSUES' } }, [component('c1', 'OPERATIONAL')]).contradictsItself).toBe(
    true,
  );
  expect(read({ page: { ...page, status: 'HASISSUES' } }, [component('c1', 'MAJOROUTAGE')]).contradictsItself).toBe(
    false,
  );
});

it('skips a malformed item and names it', () => {
  expect(read({ activeIncidents: [{}] }, [{}, component('c1', 'OPERATIONAL')]).malformed).toMatchObject({ count: 2 });
});

it.each([
  ['a Statuspage summary', [{ page: { id: 'acme', url: 'https://status.acme.test' }, components: [] }]],
  ['a summary without its components', [{ page }]],
  ['HTML that was JSON', ['text']],
  ['nothing', [null, null]],
])('is not %s', (_what, documents) => {
  expect(() => readAll(...documents)).toThrow(z.ZodError);
});

it('is not taken for a Statuspage', () => {
  expect(() => statuspage.read([{ page, components: [component('c1', 'OPERATIONAL')] }], 0)).toThrow(z.ZodError);
});

it('a phase that we do not know is kept as it came, and does not end the incident', () => {
  const { incidents } = read({ activeIncidents: [incident({ status: 'REOPENED' })] });
  expect(incidents).toMatchObject([{ status: 'REOPENED', isOver: false }]);
});

it.each([
  ['2026-11-27T10:15:00.000Z'],
  ['Fri Nov 27 2026 10:15:00 GMT+0000 (Coordinated Universal Time)'],
  ['Fri Nov 27 2026 05:15:00 GMT-0500 (Eastern Standard Time)'],
  ['Fri, 27 Nov 2026 10:15:00 GMT'],
  ['Nov 27, 2026, 10:15 AM'],
  ['Nov 27, 2026, 10:15:00\u202fAM UTC'],
  ['November 27, 2026 at 10:15 AM GMT+0'],
  ['27 November 2026 10:15'],
  ['Nov 27, 2026, 3:45 PM GMT+5:30'],
])('reads the time "%s"', (started) => {
  expect(read({ activeIncidents: [incident({ started })] }).incidents[0]?.startedAt).toBe('2026-11-27T10:15:00.000Z');
});

it.each([
  ['Nov 27, 2026, 12:00 AM', '2026-11-27T00:00:00.000Z'],
  ['Nov 27, 2026, 12:00 PM', '2026-11-27T12:00:00.000Z'],
  ['Nov 27, 2026, 1:05 PM', '2026-11-27T13:05:00.000Z'],
  ['Feb 30, 2026, 10:15 AM', null],
  ['Nov 27, 2026, 13:15 AM', null],
  ['Nov 27, 2026, 10:15 AM EST', null],
  ['Foo 27, 2026, 10:15 AM', null],
  ['Nov 27 10:15', null],
  ['27.11.2026 10:15', null],
])('of the time "%s" it makes %s', (start, startedAt) => {
  const activeMaintenances = [{ id: 'm', name: 'Move', status: 'NOTSTARTEDYET', start }];
  expect(read({ activeMaintenances }).incidents).toMatchObject([{ startedAt }]);
});

it('an incident without an id is known by the one in its address, and one with neither is malformed', () => {
  const { id: _, ...older } = incident({ url: 'https://status.acme.test/incident/cl4a8n3070721?utm=1' });
  const { incidents, malformed } = read({ activeIncidents: [older, { ...older, url: 'https://status.acme.test/' }] });
  expect(incidents.map(({ id }) => id)).toEqual(['cl4a8n3070721']);
  expect(malformed.named).toEqual([expect.stringContaining('activeIncidents[1]: id')]);
});
