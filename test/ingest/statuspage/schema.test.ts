import { expect, it } from 'vitest';
import { countItems, readSummary } from '../../../src/ingest/statuspage/schema.ts';
import { component, incident, summary } from '../../support/status-page.ts';

it('needs no more of an item than its id, name and status', () => {
  const bare = { id: '1', name: 'One', status: 'investigating' };
  const read = readSummary({ page: { id: 'acme' }, components: [bare], incidents: [bare] });
  expect(read).toMatchObject({ pageId: 'acme', updatedAt: null, malformed: [] });
  expect(read.incidents[0]).toMatchObject({
    raw: bare,
    fields: { impact: null, started_at: null, incident_updates: [] },
  });
  expect(read.components[0]).toMatchObject({ raw: bare, fields: { updated_at: null, group: false } });
});

it('does without the lists that a page leaves out or sets to null', () => {
  const read = readSummary({ page: { id: 'acme' }, components: [], scheduled_maintenances: null });
  expect(countItems(read)).toBe(0);
});

it('counts incidents, maintenances and leaf components', () => {
  const group = component('g', 'major_outage', { group: true });
  const parts = {
    incidents: [incident('1')],
    maintenances: [incident('2')],
    components: [group, component('a', 'operational')],
  };
  expect(countItems(readSummary(summary(parts)))).toBe(3);
});

it('keeps the first of two items with one id', () => {
  const twice = [component('a', 'major_outage'), component('a', 'operational')];
  expect(readSummary(summary({ components: twice })).components.map(({ fields }) => fields.status)).toEqual([
    'major_outage',
  ]);
});

it('skips a malformed item and names it', () => {
  const items = [null, 'text', { id: 1, name: 'x', status: 'y' }, { id: '', name: 'x', status: 'y' }, incident('1')];
  const { incidents, malformed } = readSummary(summary({ incidents: items as object[] }));
  expect(incidents).toHaveLength(1);
  expect(malformed).toEqual([
    expect.stringContaining('incidents[0]: item: '),
    expect.stringContaining('incidents[1]: item: '),
    expect.stringContaining('incidents[2]: id: '),
    expect.stringContaining('incidents[3]: id: '),
  ]);
});

it.each([
  ['an offset', '2026-03-01T04:00:00-07:00', '2026-03-01T11:00:00.000Z'],
  ['an offset without a colon', '2026-03-01T11:00:00+0000', '2026-03-01T11:00:00.000Z'],
  ['no zone, which is read as UTC', '2026-03-01T11:00:00', '2026-03-01T11:00:00.000Z'],
  ['nothing that can be read, which counts as missing', 'yesterday', null],
  ['a number, which counts as missing', 5, null],
])('reads a time with %s', (_what, given, expected) => {
  const { incidents } = readSummary(summary({ incidents: [incident('1', { started_at: given })] }));
  expect(incidents[0]?.fields.started_at).toBe(expected);
});

it('takes odd values of fields that it can do without', () => {
  const odd = incident('1', { impact: 3, incident_updates: 'none', reminder_intervals: '[1]', resolved_at: {} });
  expect(readSummary(summary({ incidents: [odd] }))).toMatchObject({
    malformed: [],
    incidents: [{ fields: { impact: null, incident_updates: [], resolved_at: null } }],
  });
});

it('keeps a key that JavaScript would treat as a prototype where the vendor put it', () => {
  const raw = JSON.parse('{"id":"1","name":"n","status":"s","__proto__":{"impact":"critical"}}');
  const { incidents } = readSummary(summary({ incidents: [raw] }));
  expect(incidents[0]?.fields.impact).toBeNull();
  expect(Object.hasOwn(raw, '__proto__')).toBe(true);
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
  expect(() => readSummary(json)).toThrow();
});
