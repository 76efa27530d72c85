import { expect, it } from 'vitest';
import * as z from 'zod';
import { google } from '../../../src/ingest/google/dialect.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');
const root = 'https://status.cloud.acme.test';
const sql = { id: 'sql1', title: 'Cloud SQL' };
const raw = (id: string, more: object = {}) => ({
  id,
  number: '123',
  begin: '2026-03-10T10:00:00+00:00',
  created: '2026-03-10T10:20:00+00:00',
  modified: '2026-03-10T11:00:00+00:00',
  external_desc: 'Cloud SQL refuses connections.',
  status_impact: 'SERVICE_OUTAGE',
  severity: 'high',
  service_key: 'multi',
  service_name: 'Multiple Products',
  affected_products: [sql],
  currently_affected_locations: [{ title: 'Iowa (us-central1)', id: 'us-central1' }],
  most_recent_update: { when: '2026-03-10T11:00:00+00:00', status: 'SERVICE_OUTAGE', text: 'We look into it' },
  uri: `incidents/${id}`,
  ...more,
});
const past = raw('past', { begin: '2024-01-01T00:00:00+00:00', end: '2024-01-01T05:00:00+00:00' });
const read = (...incidents: readonly unknown[]) => google.read([[...incidents, past]], nowMs, { root });
const only = (more: object) => read(raw('a', more)).incidents[0];

it('reads an incident that goes on, and leaves out the history that is listed with it', () => {
  const open = raw('a');
  expect(read(open)).toEqual({
    dialect: 'google',
    pageId: 'google',
    pageName: null,
    url: root,
    updatedAt: '2026-03-10T11:00:00.000Z',
    contradictsItself: false,
    incidents: [
      {
        id: 'a',
        name: 'Cloud SQL refuses connections.',
        status: 'major_outage',
        impact: 'critical',
        severity: 'critical',
        isMaintenance: false,
        isOver: false,
        startedAt: '2026-03-10T10:00:00.000Z',
        updatedAt: '2026-03-10T11:00:00.000Z',
        resolvedAt: null,
        description: 'We look into it',
        url: `${root}/incidents/a`,
        components: [{ id: 'sql1', name: 'Cloud SQL', groups: ['us-central1'] }],
        raw: open,
      },
    ],
    components: [],
    malformed: { count: 0, named: [] },
  });
});

it('is as old as its newest change, be it of an incident of years ago', () => {
  const edited = { ...past, modified: '2026-03-10T11:30:00+00:00' };
  expect(google.read([[raw('a'), edited, { ...past, modified: 'soon' }]], nowMs).updatedAt).toBe(
    '2026-03-10T11:30:00.000Z',
  );
  expect(google.read([[{ ...past, modified: undefined }]], nowMs).updatedAt).toBeNull();
});

it.each([
  ['SERVICE_OUTAGE', 'high', 'critical', 'critical'],
  ['SERVICE_OUTAGE', 'low', 'critical', 'critical'],
  ['SERVICE_DISRUPTION', 'high', 'major', 'critical'],
  ['SERVICE_DISRUPTION', 'medium', 'minor', 'warning'],
  ['SERVICE_INFORMATION', 'low', 'minor', 'warning'],
  ['AVAILABLE_INFORMATION', 'low', 'none', 'info'],
  ['SERVICE_ON_FIRE', 'high', 'SERVICE_ON_FIRE', null],
  [undefined, undefined, null, 'warning'],
])('%s of severity %s has the impact %s and is %s', (status_impact, severity, impact, expected) => {
  expect(read(raw('a', { status_impact, severity }), raw('b')).incidents[0]).toMatchObject({
    impact,
    severity: expected,
  });
});

it.each([
  ['has ended', { end: '2026-03-10T11:30:00+00:00' }, '2026-03-10T11:30:00.000Z'],
  [
    'was called available last, without an end',
    { end: null, most_recent_update: { when: '2026-03-10T11:40:00+00:00', status: 'AVAILABLE' } },
    '2026-03-10T11:40:00.000Z',
  ],
  [
    'was called available last, with an end that our clock has not reached',
    {
      end: '2026-03-10T12:30:00+00:00',
      most_recent_update: { when: '2026-03-10T12:30:00+00:00', status: 'AVAILABLE' },
    },
    null,
  ],
  ['was called available at an unknown time', { end: null, most_recent_update: { status: 'AVAILABLE' } }, null],
])('an incident that %s is over', (_which, more, resolvedAt) => {
  expect(only(more)).toMatchObject({ isOver: true, status: 'resolved', resolvedAt });
});

it.each([
  ['null', { end: null }],
  ['absent', {}],
  ['empty', { end: '' }],
  ['still to come', { end: '2026-03-10T12:30:00+00:00' }],
])('an incident whose end is %s goes on', (_which, more) => {
  expect(only(more)).toMatchObject({ isOver: false, resolvedAt: null });
});

it('an end that cannot be read makes it neither open nor over: it is named as malformed', () => {
  const { incidents, malformed } = read(raw('a', { end: 'yesterday' }), raw('b'));
  expect(incidents.map(({ id }) => id)).toEqual(['b']);
  expect(malformed.named).toEqual([expect.stringContaining('incidents[0]: end')]);
});

it('what is odd in an incident of years ago casts no doubt on today', () => {
  expect(read(raw('a'), { ...past, id: null })).toMatchObject({ incidents: [{ id: 'a' }], malformed: { count: 0 } });
});

it('keeps what ended in the last week, for we may have been away', () => {
  const ended = (id: string, end: string) => raw(id, { begin: '2026-03-01T00:00:00Z', end });
  const { incidents } = read(ended('new', '2026-03-03T12:00:01Z'), ended('old', '2026-03-03T11:59:59Z'));
  expect(incidents.map(({ id }) => id)).toEqual(['new']);
});

it.each([
  ['**Title**\nMail is slow\n**Description**\nWe look', 'Mail is slow'],
  ['**Title:** Mail is slow\n**Description**', 'Mail is slow'],
  ['# Mail is slow\n\nSince noon', 'Mail is slow'],
  ['Mail is slow.', 'Mail is slow.'],
  ['Title', 'Gmail: a'],
  ['', 'Gmail: a'],
  [undefined, 'Gmail: a'],
])('of the text %j the name is %j', (external_desc, name) => {
  expect(read(raw('a', { external_desc, service_name: 'Gmail' }), raw('b')).incidents[0]?.name).toBe(name);
});

it('without an update the text itself describes the incident, unless the name says it all', () => {
  expect(only({ most_recent_update: null })?.description).toBeNull();
  expect(only({ most_recent_update: null, external_desc: '# Slow\n\nSince noon' })?.description).toBe(
    '# Slow\n\nSince noon',
  );
});

it.each([
  ['no location', []],
  ['none that can be read', [{ title: 'Iowa' }, 5, null]],
  ['global', [{ id: 'us-east1' }, { id: 'global' }]],
  ['more than we keep', Array.from({ length: 501 }, (_, at) => ({ id: `zone-${at}` }))],
])('with %s a product may be affected anywhere', (_which, currently_affected_locations) => {
  expect(only({ currently_affected_locations })?.components).toEqual([{ id: 'sql1', name: 'Cloud SQL', groups: null }]);
});

it('an incident without products concerns its service, and one without a service nothing that we can name', () => {
  expect(only({ affected_products: [] })?.components).toMatchObject([{ id: 'multi', name: 'Multiple Products' }]);
  expect(only({ affected_products: undefined, service_key: undefined })?.components).toEqual([]);
});

it.each([['incidents/../../elsewhere'], ['https://elsewhere.test/incidents/a'], ['javascript:alert(1)'], [undefined]])(
  'takes no address from %j',
  (uri) => {
    expect(only({ uri })?.url).toBeNull();
  },
);

it('has no address of its own where its place is not known', () => {
  expect(google.read([[raw('a')]], nowMs)).toMatchObject({ url: null, incidents: [{ url: null }] });
});

it('an empty list is not its document, for that always lists years', () => {
  expect(() => google.read([[]], nowMs, { root })).toThrow('expected incidents');
});

it.each([[{}], [null], [[{ id: 'a', title: 'x' }]], [{ incidents: [raw('a')] }], ['text'], [[[]]]])(
  'is not %j',
  (document) => {
    expect(() => google.read([document], nowMs, { root })).toThrow(z.ZodError);
  },
);

it('finds what is open among years of history', () => {
  const many = Array.from({ length: 3000 }, (_, at) => ({
    ...past,
    id: `p${at}`,
    updates: [{ text: 'x'.repeat(1000) }],
  }));
  expect(read(raw('a'), ...many).incidents).toHaveLength(1);
});
