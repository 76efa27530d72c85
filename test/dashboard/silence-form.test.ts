import { expect, it } from 'vitest';
import { readAddress } from '../../src/dashboard/address.js';
import {
  conditionsOf,
  rowsOf,
  silenceBody,
  sortSilences,
  whenOf,
  whenWords,
} from '../../src/dashboard/silence-form.js';
import type { AlertEventView } from '../../src/dashboard/types.ts';
import { silenceRequestSchema } from '../../src/domain/rules/silence-schema.ts';
import { compileWhen } from '../../src/domain/rules/when.ts';

const anEvent = (facts: AlertEventView['facts'], more: Partial<AlertEventView> = {}): AlertEventView => ({
  event_id: 'e',
  kind: 'status',
  item: 'component',
  title: 't',
  severity: 'critical',
  state: 'open',
  started_at: '2026-03-01T12:00:00.000Z',
  joined_at: '2026-03-01T12:00:00.000Z',
  ended_at: null,
  test_mode: false,
  facts,
  routed: null,
  description: null,
  routing_reason: null,
  ...more,
});

const incident = { item: 'incident' } as const;
const many = (count: number) => Array.from({ length: count }, (_, at) => `Node ${at}`);

it.each([
  [[anEvent({ object_id: 'po_1', type: 'payout.failed' })], { object_id: 'po_1' }],
  [[anEvent({ object_id: 'po_1' }), anEvent({ object_id: 'po_2' })], { object_id: ['po_1', 'po_2'] }],
  [
    many(13).map((id) => anEvent({ object_id: id, type: 'payout.failed', account: 'acct_1' })),
    { type: 'payout.failed', account: 'acct_1' },
  ],
  [[anEvent({ page: 'acme', component: 'API' })], { page: 'acme', component: 'API' }],
  [[anEvent({ page: 'acme', component: 'API', group: 'US' })], { page: 'acme', group: 'US', component: 'API' }],
  [[anEvent({ page: 'acme', component: '!odd * \\' })], { page: 'acme', component: '\\!odd \\* \\\\' }],
  [
    [anEvent({ page: 'acme', component: 'API' }), anEvent({ page: 'acme', component: 'Push' })],
    { page: 'acme', component: ['API', 'Push'] },
  ],
  [
    [
      anEvent({ page: 'acme', component: 'Node 1', group: 'Storage' }),
      anEvent({ page: 'acme', component: 'Node 2', group: 'Storage' }),
    ],
    { page: 'acme', group: 'Storage', component: ['Node 1', 'Node 2'] },
  ],
  [
    [anEvent({ page: 'acme', component: 'API', group: 'US' }), anEvent({ page: 'acme', component: 'Push' })],
    { page: 'acme', component: ['API', 'Push'] },
  ],
  [
    many(13).map((component) => anEvent({ page: 'acme', component, group: 'Storage' })),
    { page: 'acme', group: 'Storage' },
  ],
  [
    [
      anEvent({ page: 'acme', component: 'Node 1', group: 'Storage' }),
      anEvent({ page: 'acme' }, { ...incident, title: '/slow/ * answers' }),
    ],
    { page: 'acme', summary: ['Node 1: *', '\\/slow/ \\* answers'] },
  ],
  [
    [anEvent({ page: 'acme' }, incident), ...many(12).map((component) => anEvent({ page: 'acme', component }))],
    { page: 'acme' },
  ],
  [
    [anEvent({ page: 'acme', component: 'API' }, { state: 'resolved' }), anEvent({ page: 'acme' }, incident)],
    { page: 'acme', summary: 't' },
  ],
  [[anEvent({ page: 'acme', item: 'page' }, { item: 'page' })], { page: 'acme', item: 'page' }],
  [[anEvent({ type: 'x.y' })], { type: 'x.y' }],
  [[anEvent({})], {}],
  [[anEvent(null)], {}],
  [[], {}],
  [
    [anEvent({ livemode: true }, { item: 'rate', title: 'declines: 30% of 120 payments failed within 15 min' })],
    { source: 'stripe', kind: 'status', summary: 'declines: *' },
  ],
  [
    [anEvent({ currency: 'eur' }, { item: 'rate', title: '!odd: in euro: 9% of 90 payments in EUR failed' })],
    { source: 'stripe', kind: 'status', summary: '\\!odd: in euro: *', currency: 'eur' },
  ],
  [
    [anEvent({ account: 'acct_1' }, { item: 'rate', title: 'a name that was cut' })],
    { source: 'stripe', kind: 'status', account: 'acct_1' },
  ],
  [
    [
      anEvent({ page: 'acme' }, { ...incident, title: 'Elevated errors' }),
      anEvent({ livemode: true }, { item: 'rate', title: 'declines: 30% of 120 payments failed within 15 min' }),
    ],
    { summary: ['Elevated errors', 'declines: *'] },
  ],
  [[anEvent(null, { item: 'rate' })], { source: 'stripe', kind: 'status' }],
])('%# a silence begins with what goes on in the alert, and with nothing else', (events, conditions) => {
  expect(conditionsOf(events)).toEqual(conditions);
});

it.each([
  ['API', 'API'],
  ['!odd * \\', '!odd x \\'],
  ['/slow/', '/slow'],
])('the component %j is taken literally by the rules', (component, other) => {
  const when = conditionsOf([anEvent({ page: 'acme', component })]);
  const matches = compileWhen(silenceRequestSchema.shape.when.parse(when), new Map());
  const event = {
    source: 'acme_status',
    kind: 'status',
    service: component,
    summary: 's',
    severity: 'critical',
  } as const;
  expect(matches({ event, facts: { page: 'acme', component } }, null)).toBe(true);
  expect(matches({ event, facts: { page: 'acme', component: other } }, null)).toBe(component === other);
});

it('the form takes its conditions from the address, and has one row at least', () => {
  const { pairs } = readAddress('?view=silences&component=API&page=acme&component=Push&until=2h');
  expect(rowsOf(pairs, ['page', 'component'])).toEqual([
    { name: 'component', value: 'API' },
    { name: 'page', value: 'acme' },
    { name: 'component', value: 'Push' },
  ]);
  expect(rowsOf([], ['page'])).toEqual([{ name: 'page', value: '' }]);
});

it('several values of one fact are one of them, and none is lost', () => {
  const rows = [
    { name: 'component', value: 'API' },
    { name: 'page', value: 'acme' },
    { name: 'component', value: ' Push ' },
  ];
  expect(whenOf(rows)).toEqual({ component: ['API', 'Push'], page: 'acme' });
});

it('the body has no empty condition and no empty name', () => {
  const rows = [
    { name: 'page', value: ' acme ' },
    { name: 'component', value: '' },
  ];
  expect(silenceBody(rows, { until: '2h', by: ' ', because: ' they move ' })).toEqual({
    when: { page: 'acme' },
    until: '2h',
    because: 'they move',
  });
  expect(silenceBody(rows, { until: '2h', by: 'jo', because: 'x' })).toMatchObject({ by: 'jo' });
});

it('conditions are one line, and what holds now stands first', () => {
  expect(whenWords({ page: 'acme', severity: ['warning', 'critical'] })).toBe(
    'page = acme, severity = warning or critical',
  );
  const silences = (['expired', 'active', 'planned'] as const).map((state) => ({ state, from: '1', until: '2' }));
  expect(sortSilences(silences).map(({ state }) => state)).toEqual(['active', 'planned', 'expired']);
});

it('of silences in the same state, the one that began last stands first', () => {
  const silences = ['1', '3', '2'].map((from) => ({ state: 'active' as const, from, until: '9' }));
  expect(sortSilences(silences).map(({ from }) => from)).toEqual(['3', '2', '1']);
});
