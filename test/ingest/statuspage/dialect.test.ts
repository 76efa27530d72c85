import { expect, it } from 'vitest';
import * as z from 'zod';
import { countItems } from '../../../src/ingest/status-page.ts';
import { statuspage } from '../../../src/ingest/statuspage/dialect.ts';
import { component, incident, type SummaryParts, summary } from '../../support/status-page.ts';

const readAll = (...documents: readonly unknown[]) => statuspage.read(documents, 0);
const read = (parts: SummaryParts) => readAll(summary(parts));
const oneIncident = (more: object) => read({ incidents: [{ ...incident('1'), ...more }] }).incidents[0];

it('needs no more of an item than its id, name and status', () => {
  const bare = { id: '1', name: 'One', status: 'investigating' };
  const summary = readAll({ page: { id: 'acme' }, components: [bare], incidents: [bare] });
  expect(summary).toMatchObject({ pageId: 'acme', pageName: null, url: null, updatedAt: null });
  expect(summary.malformed).toEqual({ count: 0, named: [] });
  expect(summary.incidents).toEqual([
    {
      ...bare,
      impact: null,
      severity: 'warning',
      isMaintenance: false,
      isOver: false,
      startedAt: null,
      updatedAt: null,
      resolvedAt: null,
      description: null,
      url: null,
      components: [],
      raw: bare,
    },
  ]);
  expect(summary.components).toMatchObject([{ updatedAt: null, groupId: null, groupName: null, raw: bare }]);
});

it('does without the lists that a page leaves out or sets to null', () => {
  const page = { page: { id: 'acme' }, components: [], scheduled_maintenances: null };
  expect(countItems(readAll(page))).toBe(0);
});

it('counts incidents, maintenances and leaf components', () => {
  const group = component('g', 'major_outage', { group: true });
  const components = [group, component('a', 'operational')];
  expect(countItems(read({ incidents: [incident('1')], maintenances: [incident('2')], components }))).toBe(3);
});

it.each([
  ['critical', 'critical'],
  ['major', 'critical'],
  ['minor', 'warning'],
  ['none', 'info'],
  ['maintenance', 'info'],
  [undefined, 'warning'],
  ['catastrophic', null],
])('gives an incident of impact %s the severity %s', (impact, severity) => {
  expect(oneIncident({ impact })?.severity).toBe(severity);
});

it.each([
  ['operational', 'info', true],
  ['degraded_performance', 'warning', false],
  ['partial_outage', 'critical', false],
  ['major_outage', 'critical', false],
  ['under_maintenance', 'info', false],
  ['on_fire', null, false],
])('gives a component that is %s the severity %s', (status, severity, isWell) => {
  expect(read({ components: [component('a', status)] }).components).toMatchObject([{ severity, isWell }]);
});

it.each([
  ['the worse of two components', [component('a', 'operational'), component('a', 'major_outage')], 'major_outage'],
  ['the worse of two components', [component('a', 'major_outage'), component('a', 'operational')], 'major_outage'],
  ['the worse of two components', [component('a', 'on_fire'), component('a', 'partial_outage')], 'partial_outage'],
  [
    'the first of two that are alike',
    [component('a', 'partial_outage'), component('a', 'major_outage')],
    'partial_outage',
  ],
])('counts %s with one id', (_which, components, status) => {
  expect(read({ components }).components.map((each) => each.status)).toEqual([status]);
});

it.each([
  ['the open one', { status: 'resolved' }, { impact: 'minor' }, 'minor'],
  ['the more serious one', { impact: 'minor' }, { impact: 'critical' }, 'critical'],
])('counts %s of two incidents with one id', (_which, first, second, impact) => {
  const incidents = [incident('1', first), incident('1', second)];
  expect(read({ incidents }).incidents.map((each) => each.impact)).toEqual([impact]);
});

it('takes an incident that is listed as a maintenance too for the worse of the two', () => {
  const summary = read({ incidents: [incident('1')], maintenances: [incident('1')] });
  expect(summary.incidents).toMatchObject([{ isMaintenance: false, severity: 'critical' }]);
});

it('skips a malformed item and names it', () => {
  const items = [null, 'text', { id: 1, name: 'x', status: 'y' }, { id: '', name: 'x', status: 'y' }, incident('1')];
  const { incidents, malformed } = read({ incidents: items as object[] });
  expect(incidents).toHaveLength(1);
  expect(malformed).toEqual({
    count: 4,
    named: [
      expect.stringContaining('incidents[0]: item: '),
      expect.stringContaining('incidents[1]: item: '),
      expect.stringContaining('incidents[2]: id: '),
      expect.stringContaining('incidents[3]: id: '),
    ],
  });
});

it('names ten of 50,000 malformed items, and counts the rest', () => {
  const { malformed } = read({ components: Array.from({ length: 50_000 }, () => ({})) });
  expect(malformed.count).toBe(50_000);
  expect(malformed.named).toHaveLength(10);
});

it.each([
  ['an offset', '2026-03-01T04:00:00-07:00', '2026-03-01T11:00:00.000Z'],
  ['an offset without a colon', '2026-03-01T11:00:00+0000', '2026-03-01T11:00:00.000Z'],
  ['no zone, which is read as UTC', '2026-03-01T11:00:00', '2026-03-01T11:00:00.000Z'],
  ['nothing that can be read, which counts as missing', 'yesterday', null],
  ['a number, which counts as missing', 5, null],
])('reads a time with %s', (_what, given, expected) => {
  expect(oneIncident({ started_at: given })?.startedAt).toBe(expected);
});

it.each([
  ['started_at', { started_at: '2026-03-01T10:00:00Z', created_at: '2026-03-01T09:00:00Z' }, '10'],
  ['created_at', { started_at: null, created_at: '2026-03-01T09:00:00-01:00' }, '10'],
])('takes the start of an incident from %s', (_where, more, hour) => {
  expect(oneIncident(more)?.startedAt).toBe(`2026-03-01T${hour}:00:00.000Z`);
});

it('takes a scheduled maintenance as an incident of impact maintenance that begins when it is scheduled for', () => {
  const raw = incident('m', { impact: 'major', status: 'scheduled', scheduled_for: '2026-03-09T00:00:00Z' });
  expect(read({ maintenances: [raw] }).incidents).toMatchObject([
    {
      isMaintenance: true,
      impact: 'maintenance',
      severity: 'info',
      status: 'scheduled',
      isOver: false,
      startedAt: '2026-03-09T00:00:00.000Z',
    },
  ]);
});

it.each(['resolved', 'postmortem', 'completed'])('takes an incident whose status is %s for over', (status) => {
  expect(oneIncident({ status })).toMatchObject({ isOver: true, resolvedAt: null });
});

it('describes an incident by its newest update, in whatever order they are listed', () => {
  const update = (body: string | null, at?: string) => ({ body, created_at: at });
  const describe = (incident_updates: readonly object[]) => oneIncident({ incident_updates })?.description;
  const dated = [update('old', '2026-03-01T10:00:00Z'), update('new', '2026-03-01T13:00:00+02:00')];
  expect(describe(dated)).toBe('new');
  expect(describe([update('first'), update('second')])).toBe('first');
  expect(describe([update(null)])).toBeNull();
  expect(describe([])).toBeNull();
});

it('finds the leaf components that an incident names, by itself or in its updates', () => {
  const components = [component('g', 'major_outage', { group: true })];
  const named = [
    { id: 'a', name: 'A' },
    { id: 'g', name: 'G' },
    { id: 'h', name: 'H', group: true },
  ];
  const affected_components = [
    { code: 'b', name: 'B' },
    { code: 'h', name: 'H' },
    { code: 'a', name: 'A of then' },
    {},
  ];
  const { incidents } = read({
    components,
    incidents: [incident('1', { components: named, incident_updates: [{ body: 'x', affected_components }, null] })],
  });
  expect(incidents[0]?.components).toEqual([
    { id: 'b', name: 'B' },
    { id: 'a', name: 'A' },
  ]);
});

it('knows the group of a component', () => {
  const components = [
    component('g', 'operational', { name: 'Europe', group: true }),
    component('a', 'major_outage', { group_id: 'g' }),
    component('b', 'major_outage', { group_id: 'unknown' }),
  ];
  expect(read({ components }).components).toMatchObject([
    { id: 'a', groupId: 'g', groupName: 'Europe' },
    { id: 'b', groupId: 'unknown', groupName: null },
  ]);
});

it.each([
  ['critical', [], true],
  ['major', [component('a', 'operational')], true],
  ['critical', [component('a', 'degraded_performance')], false],
  ['critical', [component('g', 'major_outage', { group: true })], false],
  ['minor', [], false],
  [undefined, [], false],
])('with the indicator %s and %j, contradicts itself: %s', (indicator, components, contradictsItself) => {
  expect(read({ ...(indicator && { indicator }), components }).contradictsItself).toBe(contradictsItself);
});

it.each([
  ['an open incident', { incidents: [incident('1')] }, false],
  ['an incident that is over', { incidents: [incident('1', { status: 'resolved' })] }, true],
  ['a maintenance', { maintenances: [incident('1')] }, true],
])('with a serious indicator and %s, contradicts itself: %s', (_what, parts, contradictsItself) => {
  expect(read({ indicator: 'critical', ...parts }).contradictsItself).toBe(contradictsItself);
});

it('takes odd values of fields that it can do without', () => {
  const odd = { impact: 3, incident_updates: 'none', reminder_intervals: '[1]', resolved_at: {}, shortlink: 'x:y' };
  const summary = readAll({ ...summaryOf(odd), status: 'fine' });
  expect(summary.malformed.count).toBe(0);
  expect(summary.incidents).toMatchObject([{ impact: null, resolvedAt: null, description: null, url: null }]);
});
const summaryOf = (more: object) => summary({ incidents: [incident('1', { ...more })] });

it('keeps a key that JavaScript would treat as a prototype where the vendor put it', () => {
  const raw = JSON.parse('{"id":"1","name":"n","status":"s","__proto__":{"impact":"critical"}}');
  const { incidents } = read({ incidents: [raw] });
  expect(incidents[0]?.impact).toBeNull();
  expect(incidents[0]?.raw).toBe(raw);
});

it('cuts ids, names, words and texts that are longer than any vendor writes', () => {
  const long = 'x'.repeat(2_000_000);
  const summary = readAll({
    page: { id: long, name: long },
    components: [{ id: long, name: long, status: long, group_id: long }],
    incidents: [{ id: long, name: long, status: long, impact: long, incident_updates: [{ body: long }] }],
  });
  const { incidents, components, ...page } = summary;
  expect(JSON.stringify(page).length).toBeLessThan(2000);
  const { raw: _raw, description, ...incident } = incidents[0] ?? {};
  expect(JSON.stringify(incident).length).toBeLessThan(3000);
  expect(Buffer.byteLength(description ?? '')).toBeLessThanOrEqual(65_536);
  const { raw: _rawToo, ...component } = components[0] ?? {};
  expect(JSON.stringify(component).length).toBeLessThan(3000);
});

it.each([
  [null],
  [[]],
  ['text'],
  [{}],
  [{ page: {}, components: [] }],
  [{ page: { id: 'a' }, components: {} }],
  [{ status: 500 }],
])('is no summary: %j', (json) => {
  expect(() => readAll(json)).toThrow(z.ZodError);
});
