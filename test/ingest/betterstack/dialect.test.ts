import { expect, it } from 'vitest';
import * as z from 'zod';
import { betterstack } from '../../../src/ingest/betterstack/dialect.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const page = {
  company_name: 'Acme',
  custom_domain: 'status.acme.test',
  subdomain: 'acme',
  aggregate_state: 'operational',
  updated_at: '2026-03-01T11:59:00.000Z',
};
const resource = (id: string, status: string, more: object = {}) => ({
  id,
  type: 'status_page_resource',
  attributes: { public_name: `Resource ${id}`, status, status_page_section_id: 7, ...more },
});
const report = (id: string, more: object = {}) => ({
  id,
  type: 'status_report',
  attributes: {
    title: `Report ${id}`,
    report_type: 'manual',
    aggregate_state: 'downtime',
    starts_at: '2026-03-01T11:00:00.000Z',
    ends_at: null,
    ...more,
  },
});
const update = (id: string, status_report_id: number, message: string, published_at: string) => ({
  id,
  type: 'status_update',
  attributes: { message, published_at, status_report_id },
});
const section = { id: '7', type: 'status_page_section', attributes: { name: 'Europe' } };
const read = (included: readonly object[], attributes: object = {}) =>
  betterstack.read(
    [{ data: { id: '42', type: 'status_page', attributes: { ...page, ...attributes } }, included }],
    nowMs,
  );

it('reads the status page, what it lists, and what is being done about it', () => {
  const slow = resource('1', 'degraded');
  const raw = report('9', { affected_resources: [{ status_page_resource_id: 1 }, { status_page_resource_id: 5 }] });
  const updates = [
    update('b', 9, 'We have found it', '2026-03-01T11:30:00.000Z'),
    update('a', 9, 'We look', '2026-03-01T11:00:00.000Z'),
  ];
  expect(read([section, slow, raw, ...updates, { id: 'x', type: 'something_new' }])).toEqual({
    dialect: 'betterstack',
    pageId: '42',
    pageName: 'Acme',
    url: 'https://status.acme.test/',
    updatedAt: '2026-03-01T11:59:00.000Z',
    contradictsItself: false,
    incidents: [
      {
        id: '9',
        name: 'Report 9',
        status: 'major_outage',
        impact: 'critical',
        severity: 'critical',
        isMaintenance: false,
        isOver: false,
        startedAt: '2026-03-01T11:00:00.000Z',
        updatedAt: null,
        resolvedAt: null,
        description: 'We have found it',
        url: null,
        components: [{ id: '1', name: 'Resource 1' }],
        raw,
      },
    ],
    components: [
      {
        id: '1',
        name: 'Resource 1',
        status: 'degraded_performance',
        severity: 'warning',
        isWell: false,
        updatedAt: null,
        groupId: '7',
        groupName: 'Europe',
        raw: slow,
      },
    ],
    malformed: { count: 0, named: [] },
  });
});

it.each([
  ['operational', 'operational', 'info', true],
  ['maintenance', 'under_maintenance', 'info', false],
  ['degraded', 'degraded_performance', 'warning', false],
  ['downtime', 'major_outage', 'critical', false],
  ['on_fire', 'on_fire', null, false],
])('takes a resource that is %s for %s', (word, status, severity, isWell) => {
  expect(read([resource('1', word)]).components).toMatchObject([{ status, severity, isWell }]);
});

it('takes a resource that nobody monitors for neither well nor ill', () => {
  expect(read([resource('1', 'not_monitored')]).components).toEqual([]);
});

it.each([
  ['that has ended', { ends_at: '2026-03-01T11:30:00Z' }, '2026-03-01T11:30:00.000Z'],
  ['whose resources are operational again', { aggregate_state: 'operational' }, null],
  ['that is resolved', { aggregate_state: 'resolved' }, null],
])('takes a report %s for over', (_which, more, resolvedAt) => {
  expect(read([report('9', more)]).incidents).toMatchObject([{ isOver: true, status: 'resolved', resolvedAt }]);
});

it.each([
  ['planned', '2026-03-02T00:00:00Z', '2026-03-02T02:00:00Z', 'scheduled', false],
  ['under way', '2026-03-01T11:00:00Z', '2026-03-01T13:00:00Z', 'in_progress', false],
  ['over', '2026-03-01T10:00:00Z', '2026-03-01T11:00:00Z', 'completed', true],
])('tells by its times a maintenance that is %s', (_which, starts_at, ends_at, status, isOver) => {
  const maintenance = report('9', { report_type: 'maintenance', aggregate_state: 'maintenance', starts_at, ends_at });
  expect(read([maintenance]).incidents).toMatchObject([{ isMaintenance: true, severity: 'info', status, isOver }]);
});

it('leaves out what ended more than a week ago, for the document lists its whole history', () => {
  const ended = report('9', { starts_at: '2026-02-01T00:00:00Z', ends_at: '2026-02-22T12:00:01Z' });
  const old = report('8', { starts_at: '2026-02-01T00:00:00Z', ends_at: '2026-02-01T01:00:00Z' });
  const oldWithoutEnd = report('7', { starts_at: '2026-02-01T00:00:00Z', aggregate_state: 'resolved' });
  const oldAndOpen = report('6', { starts_at: '2026-02-01T00:00:00Z' });
  expect(read([ended, old, oldWithoutEnd, oldAndOpen]).incidents.map(({ id }) => id)).toEqual(['9', '6']);
});

it.each([
  ['has ended', { ends_at: '2024-01-01T01:00:00Z' }],
  ['is called resolved, without an end', { aggregate_state: 'resolved' }],
])('what is odd in a report of years ago that %s casts no doubt on today', (_which, more) => {
  const odd = report('5', { title: null, starts_at: '2024-01-01T00:00:00Z', ...more });
  expect(read([odd, report('6')])).toMatchObject({ incidents: [{ id: '6' }], malformed: { count: 0 } });
});

it('what is odd in a report of years ago that goes on, or is a maintenance without an end, is named', () => {
  const odd = { title: null, starts_at: '2024-01-01T00:00:00Z' };
  const maintenance = { ...odd, report_type: 'maintenance', aggregate_state: 'operational' };
  expect(read([report('5', odd), report('6', maintenance)]).malformed.count).toBe(2);
});

it('contradicts itself when it is down and lists nothing that is', () => {
  expect(read([resource('1', 'operational')], { aggregate_state: 'downtime' }).contradictsItself).toBe(true);
  expect(read([resource('1', 'downtime')], { aggregate_state: 'downtime' }).contradictsItself).toBe(false);
});

it.each([
  ['a domain of its own', {}, 'https://status.acme.test/'],
  ['a domain of Better Stack', { custom_domain: null }, 'https://acme.betteruptime.com/'],
  ['none', { custom_domain: null, subdomain: null }, null],
  ['something else', { custom_domain: 'a b' }, null],
])('knows the address of a status page with %s', (_what, attributes, url) => {
  expect(read([], attributes).url).toBe(url);
});

it('skips a malformed item and names it', () => {
  const odd = [{ id: '1', type: 'status_page_resource' }, { id: '2', type: 'status_report', attributes: {} }, null, 5];
  expect(read([...odd.filter((each) => typeof each === 'object' && each !== null)]).malformed.named).toEqual([
    expect.stringContaining('resources[0]: attributes'),
    expect.stringContaining('reports[0]: attributes'),
  ]);
});

it.each([[{}], [null], [{ data: { id: '1', type: 'monitor', attributes: page }, included: [] }], [{ data: {} }]])(
  'is not %j',
  (document) => {
    expect(() => betterstack.read([document], nowMs)).toThrow(z.ZodError);
  },
);

it('a word that we do not know is kept as it came, and has no severity', () => {
  const strange = read([resource('1', 'on_fire'), report('9', { aggregate_state: 'on_fire' })]);
  expect(strange.components).toMatchObject([{ status: 'on_fire', severity: null, isWell: false }]);
  expect(strange.incidents).toMatchObject([{ status: 'on_fire', impact: 'on_fire', severity: null, isOver: false }]);
});

it('a resource of no section stands in no group', () => {
  const { components } = read([section, resource('1', 'degraded', { status_page_section_id: null })]);
  expect(components).toMatchObject([{ groupId: null, groupName: null }]);
});

it('the newest words of a report are its description, in whichever order they are listed', () => {
  const at = (hour: number) => `2026-03-01T${hour}:00:00.000Z`;
  const updates = [update('b', 9, 'Second', at(10)), update('c', 9, 'Third', at(11)), update('a', 9, 'First', at(9))];
  expect(read([report('9'), ...updates]).incidents).toMatchObject([{ description: 'Third' }]);
  expect(read([report('9'), ...updates.toReversed()]).incidents).toMatchObject([{ description: 'Third' }]);
});

it.each([
  ['its updates', [['degraded'], ['downtime', 'degraded'], ['resolved']], 'critical', 'critical'],
  ['milder updates', [['degraded', 'on_fire'], ['resolved']], 'warning', 'minor'],
  ['no update', [], 'info', 'none'],
  ['an update that cannot be read', [[null, 5]], 'info', 'none'],
])('how bad a report was that is over is told by %s', (_what, statuses, severity, impact) => {
  const updates = statuses.map((words, at) => {
    const { attributes, ...rest } = update(`u${at}`, 9, 'We look', `2026-03-01T11:0${at}:00.000Z`);
    return { ...rest, attributes: { ...attributes, affected_resources: words.map((status) => ({ status })) } };
  });
  expect(read([report('9', { aggregate_state: 'resolved' }), ...updates]).incidents).toMatchObject([
    { severity, impact, isOver: true },
  ]);
  expect(read([report('9', { aggregate_state: 'degraded' }), ...updates]).incidents).toMatchObject([
    { severity: 'warning', isOver: false },
  ]);
});

it('an update without words, of no report or without a time describes nothing', () => {
  const bare = (attributes: object) => ({ id: 'u', type: 'status_update', attributes });
  const { incidents, malformed } = read([
    report('9'),
    bare({ message: null, published_at: '2026-03-01T11:00:00.000Z', status_report_id: 9 }),
    bare({ message: 'Of no report', published_at: null, status_report_id: null }),
  ]);
  expect(incidents).toMatchObject([{ description: null }]);
  expect(malformed.count).toBe(0);
});
