import { expect, it } from 'vitest';
import { conditionsOf, rowsOf, silenceBody, sortSilences, whenWords } from '../../src/dashboard/silence-form.js';
import type { AlertEventView } from '../../src/dashboard/types.ts';

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
  routing_reason: null,
  ...more,
});

it.each([
  [[anEvent({ object_id: 'po_1', type: 'payout.failed' })], { object_id: 'po_1' }],
  [[anEvent({ page: 'acme', component: 'API' })], { page: 'acme', component: 'API' }],
  [[anEvent({ page: 'acme', component: '!odd' })], { page: 'acme', component: '*odd' }],
  [[anEvent({ page: 'acme', component: 'API' }), anEvent({ page: 'acme', component: 'Push' })], { page: 'acme' }],
  [
    [
      anEvent({ page: 'acme', component: 'Node 1', group: 'Storage' }),
      anEvent({ page: 'acme', component: 'Node 2', group: 'Storage' }),
    ],
    { page: 'acme', group: 'Storage' },
  ],
  [
    [anEvent({ page: 'acme', component: 'Node 1', group: 'Storage' }), anEvent({ page: 'acme' }, { item: 'incident' })],
    { page: 'acme' },
  ],
  [[anEvent({ page: 'old' }, { state: 'resolved' }), anEvent({ page: 'acme' })], { page: 'acme' }],
  [[anEvent({ type: 'x.y' })], { type: 'x.y' }],
  [[anEvent({})], {}],
  [[anEvent({ page: 'acme' })], { page: 'acme' }],
  [[anEvent(null)], {}],
  [[], {}],
  [
    [anEvent({ livemode: true }, { item: 'rate', title: 'declines: 30% of 120 payments failed within 15 min' })],
    { source: 'stripe', kind: 'status', summary: 'declines: *' },
  ],
  [
    [anEvent({ currency: 'eur' }, { item: 'rate', title: '!odd: in euro: 9% of 90 payments in EUR failed' })],
    { source: 'stripe', kind: 'status', summary: '*odd: in euro: *', currency: 'eur' },
  ],
  [
    [anEvent({ account: 'acct_1' }, { item: 'rate', title: 'a name that was cut' })],
    { source: 'stripe', kind: 'status', account: 'acct_1' },
  ],
  [[anEvent(null, { item: 'rate' })], { source: 'stripe', kind: 'status' }],
])('%# a silence begins with what the alert is about', (events, conditions) => {
  expect(conditionsOf(events)).toEqual(conditions);
});

it('the form takes its conditions from the address, and has one row at least', () => {
  expect(rowsOf({ page: 'acme', until: '2h' }, ['page', 'component'])).toEqual([{ name: 'page', value: 'acme' }]);
  expect(rowsOf({}, ['page'])).toEqual([{ name: 'page', value: '' }]);
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
