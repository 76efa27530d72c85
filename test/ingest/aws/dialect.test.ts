import { expect, it } from 'vitest';
import * as z from 'zod';
import { aws } from '../../../src/ingest/aws/dialect.ts';

const nowMs = Date.parse('2026-03-10T12:00:00Z');
const seconds = (time: string): string => String(Date.parse(time) / 1000);
const place = { root: 'https://health.acme.test' };
const arnOf = (id: string, region = 'eu-west-1') =>
  `arn:aws:health:${region}::event/SQS/AWS_SQS_OPERATIONAL_ISSUE/${id}`;
const raw = (id: string, more: object = {}) => ({
  arn: arnOf(id),
  date: seconds('2026-03-10T10:00:00Z'),
  region_name: 'Ireland',
  status: '3',
  service: 'multipleservices-eu-west-1',
  service_name: 'Multiple services',
  summary: 'Increased Error Rates',
  event_log: [{ summary: 'x', message: 'We look into it', status: 1, timestamp: 1_773_138_600 }],
  impacted_services: {
    'sqs-eu-west-1': { service_name: 'Amazon SQS', current: '3', max: '3' },
    'sns-eu-west-1': { service_name: 'Amazon SNS', current: '0', max: '2' },
  },
  ...more,
});
const read = (...events: readonly unknown[]) => aws.read([events], nowMs, place);
const only = (more: object) => read(raw('a', more)).incidents[0];

it('reads an event that goes on', () => {
  const open = raw('a');
  expect(read(open)).toEqual({
    dialect: 'aws',
    pageId: 'aws',
    pageName: 'AWS',
    url: 'https://health.aws.amazon.com/health/status',
    updatedAt: null,
    contradictsItself: false,
    incidents: [
      {
        id: arnOf('a'),
        name: 'Increased Error Rates: Multiple services, Ireland (eu-west-1)',
        status: 'major_outage',
        impact: 'critical',
        severity: 'critical',
        isMaintenance: false,
        isOver: false,
        startedAt: '2026-03-10T10:00:00.000Z',
        updatedAt: '2026-03-10T10:30:00.000Z',
        resolvedAt: null,
        description: 'We look into it',
        url: `https://health.aws.amazon.com/health/status?eventID=${encodeURIComponent(arnOf('a'))}`,
        components: [{ id: 'sqs-eu-west-1', name: 'Amazon SQS', groups: ['eu-west-1'] }],
        raw: open,
      },
    ],
    components: [],
    malformed: { count: 0, named: [] },
  });
});

it.each([
  ['1', 'degraded_performance', 'minor', 'warning'],
  ['2', 'degraded_performance', 'minor', 'warning'],
  ['3', 'major_outage', 'critical', 'critical'],
  [3, 'major_outage', 'critical', 'critical'],
  ['4', '4', '4', null],
])('an event of status %j is %s, of the impact %s', (word, status, impact, severity) => {
  expect(only({ status: word })).toMatchObject({ status, impact, severity, isOver: false });
});

it('what is resolved is still listed, and over', () => {
  const end = seconds('2026-03-10T11:00:00Z');
  expect(only({ status: '0', summary: '[RESOLVED] Increased Error Rates', end_time: end })).toMatchObject({
    name: 'Increased Error Rates: Multiple services, Ireland (eu-west-1)',
    isOver: true,
    status: 'resolved',
    resolvedAt: '2026-03-10T11:00:00.000Z',
    severity: 'critical',
  });
  expect(only({ status: '0' })).toMatchObject({ isOver: true, resolvedAt: null });
  expect(only({ end_time: end })).toMatchObject({ isOver: true });
});

it.each([
  [
    'its log',
    {
      event_log: [
        { message: 'x', status: 2 },
        { message: 'y', status: 0 },
      ],
      impacted_services: {},
    },
    'warning',
  ],
  ['its services', { event_log: null }, 'critical'],
  ['nothing', { event_log: null, impacted_services: null }, 'info'],
  ['a word that nobody knows', { event_log: [{ status: 9 }], impacted_services: null }, 'info'],
])('how bad it was is told by %s when it is over', (_what, more, severity) => {
  expect(only({ status: '0', ...more })?.severity).toBe(severity);
});

it('an end that is still to come is none', () => {
  expect(only({ end_time: seconds('2026-03-10T13:00:00Z') })).toMatchObject({ isOver: false, resolvedAt: null });
});

it('leaves out what ended more than a week ago, and keeps what began long ago and goes on', () => {
  const date = seconds('2025-11-01T00:00:00Z');
  const old = raw('old', { date, status: '0', end_time: seconds('2026-03-03T11:00:00Z') });
  const endless = raw('endless', { date, status: '0' });
  expect(read(old, endless, raw('open', { date })).incidents.map(({ id }) => id)).toEqual([arnOf('open')]);
});

it('what is odd in an event that ended more than a week ago casts no doubt on today', () => {
  const odd = raw('odd', { status: null, end_time: seconds('2026-03-01T00:00:00Z') });
  expect(read(odd, raw('a'))).toMatchObject({ incidents: [{ id: arnOf('a') }], malformed: { count: 0 } });
});

it.each([
  ['one that is affected', {}, ['Amazon SQS']],
  [
    'all, when none is called affected any longer',
    { impacted_services: { a: { service_name: 'A', current: '0' }, b: { service_name: 'B', current: 0 } } },
    ['A', 'B'],
  ],
  ['one whose state is not told', { impacted_services: { a: { service_name: 'A' } } }, ['A']],
  ['its own service', { impacted_services: {}, service: 'sqs-eu-west-1', service_name: 'Amazon SQS' }, ['Amazon SQS']],
  ['none, when it is of many services that it does not name', { impacted_services: {} }, []],
  ['none, when it names nothing', { impacted_services: null, service: null }, []],
  ['those that can be read', { impacted_services: { a: 5, b: { service_name: 'B', current: '1' } } }, ['B']],
])('names of its services %s', (_which, more, names) => {
  expect(only(more)?.components.map(({ name }) => name)).toEqual(names);
});

it.each([
  [arnOf('a', 'us-gov-west-1'), ['us-gov-west-1']],
  [arnOf('a', 'global'), null],
  [arnOf('a', ''), null],
])('takes the region from %s', (arn, groups) => {
  expect(only({ arn })?.components[0]?.groups).toEqual(groups);
});

it.each([
  [{ region_name: null }, 'Increased Error Rates: Multiple services, eu-west-1'],
  [{ service_name: null }, 'Increased Error Rates: Ireland (eu-west-1)'],
  [{ arn: arnOf('a', 'global'), region_name: 'Global' }, 'Increased Error Rates: Multiple services, Global'],
  [{ summary: null }, 'Event: Multiple services, Ireland (eu-west-1)'],
  [{ arn: arnOf('a', 'global'), region_name: null, service_name: null }, 'Increased Error Rates'],
])('with %j it is called %s', (more, name) => {
  expect(only(more)?.name).toBe(name);
});

it('reads times in seconds and milliseconds, as numbers and as texts', () => {
  const at = Date.parse('2026-03-10T10:00:00Z');
  for (const date of [at, at / 1000, String(at), String(at / 1000)])
    expect(only({ date })?.startedAt).toBe('2026-03-10T10:00:00.000Z');
});

it('the newest words describe it, in whichever order they are listed', () => {
  const log = [
    { message: 'Second', timestamp: '1773138000' },
    { message: 'First', timestamp: 1_773_134_400 },
    { message: 'Of no time' },
    null,
  ];
  expect(only({ event_log: log })).toMatchObject({ description: 'Second', updatedAt: '2026-03-10T10:20:00.000Z' });
  expect(only({ event_log: log.toReversed() })?.description).toBe('Second');
});

it.each([
  ['its end', { end_time: 'soon' }],
  ['its begin', { date: -5 }],
  ['its status', { status: null }],
  ['its name', { arn: 7 }],
])('an event of which %s cannot be read is named as malformed, and is neither open nor over', (_what, more) => {
  const { incidents, malformed } = read(raw('a', more), raw('b'));
  expect(incidents.map(({ id }) => id)).toEqual([arnOf('b')]);
  expect(malformed).toMatchObject({ count: 1, named: [expect.stringContaining('events[0]: ')] });
});

it('an empty list says that all is well, where AWS has it', () => {
  expect(aws.read([[]], nowMs, place)).toMatchObject({ incidents: [], malformed: { count: 0 } });
  expect(() => aws.read([[]], nowMs, { root: null })).toThrow('an empty list may be of anybody');
  expect(() => aws.read([[]], nowMs)).toThrow('an empty list may be of anybody');
});

it('has no address for another partition', () => {
  expect(only({ arn: arnOf('a', 'cn-north-1').replace('arn:aws:', 'arn:aws-cn:') })?.url).toBeNull();
});

it.each([[{}], [null], [[{ arn: 'arn:aws:s3:::bucket', status: '1' }]], [{ events: [raw('a')] }], ['[]'], [[5]]])(
  'is not %j',
  (document) => {
    expect(() => aws.read([document], nowMs, place)).toThrow(z.ZodError);
  },
);
