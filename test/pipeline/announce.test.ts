import { expect, it } from 'vitest';
import type { Alert } from '../../src/domain/alert.ts';
import { announce, announceAlerts } from '../../src/pipeline/announce.ts';
import type { Topic, Topics } from '../../src/pipeline/topics.ts';
import { aDelivery, anAlert, aRecord } from '../support/builders.ts';
import { aDraft, aSnapshot } from '../support/draft.ts';

const thread = { signalId: 'sig-1', requestId: 'req-1' };
const id = 'acme_status:incident:1';
const now = Date.parse('2026-03-01T12:00:00.000Z');

const collect = () => {
  const heard: [Topic, unknown][] = [];
  const publish = <T extends Topic>(topic: T, message: Topics[T]): void => void heard.push([topic, message]);
  return { bus: { publish }, heard };
};

const topicsOf = (heard: readonly [Topic, unknown][]) => heard.map(([topic]) => topic);

it('an event that changed is told first, then the decision, then its alert, then what waits', () => {
  const { bus, heard } = collect();
  const alert = anAlert({ deliveries: [aDelivery()] });
  const event = aRecord({}, { alert_id: id });
  announce(bus, aDraft({ event, change: 'stored', reason: 'Sent.', routed: true, alerts: [{ alert, history: [] }] }));
  expect(heard).toEqual([
    [
      'event.stored',
      { ...thread, eventId: id, change: 'stored', source: 'acme_status', severity: 'critical', alertId: id },
    ],
    ['routing.decided', { ...thread, eventId: id, alertId: id, deliveryIds: [aDelivery().id], reason: 'Sent.' }],
    [
      'alert.changed',
      { ...thread, alertId: id, change: 'opened', state: 'open', source: 'acme_status', severity: 'critical' },
    ],
    ['delivery.queued', { ...thread, alertId: id, scope: 'acme_status', deliveries: [aDelivery()] }],
  ]);
});

it('a decision names only the deliveries that it created', () => {
  const { bus, heard } = collect();
  const before = anAlert({ deliveries: [aDelivery()] });
  const created = aDelivery({ action: 'update', ordinal: 1 });
  const alert = { ...before, deliveries: [...before.deliveries, created] };
  const snapshot = aSnapshot({ alerts: [before] });
  announce(
    bus,
    aDraft({ event: aRecord(), change: 'updated', reason: 'Sent.', snapshot, alerts: [{ alert, history: [] }] }),
  );
  expect(heard.find(([topic]) => topic === 'routing.decided')?.[1]).toMatchObject({ deliveryIds: [created.id] });
});

it.each([['duplicate'], ['older'], ['ignored']] as const)(
  'that nothing changed (%s) is all that is told then',
  (stopped) => {
    const { bus, heard } = collect();
    announce(bus, aDraft({ event: aRecord(), stopped }));
    expect(heard).toEqual([['event.unchanged', { ...thread, eventId: id, source: 'acme_status', reason: stopped }]]);
  },
);

it('what is about no event that is stored is ignored', () => {
  const { bus, heard } = collect();
  announce(bus, aDraft());
  expect(heard).toEqual([['event.unchanged', { ...thread, eventId: id, source: '', reason: 'ignored' }]]);
});

it('a decision to send nothing names no delivery', () => {
  const { bus, heard } = collect();
  announce(bus, aDraft({ event: aRecord(), change: 'stored', reason: 'Not sent.' }));
  expect(topicsOf(heard)).toEqual(['event.stored', 'routing.decided']);
  expect(heard[1]?.[1]).toMatchObject({ alertId: null, deliveryIds: [], reason: 'Not sent.' });
});

it.each<[string, Partial<Alert> | undefined, Partial<Alert>]>([
  ['opened', undefined, {}],
  ['updated', {}, {}],
  ['resolved', {}, { state: 'resolved' }],
  ['reopened', { state: 'resolved' }, { cycle: 2 }],
  ['reopened', {}, { cycle: 2 }],
])('an alert is %s', (change, before, after) => {
  const { bus, heard } = collect();
  announceAlerts(bus, thread, before ? [anAlert(before)] : [], [{ alert: anAlert(after), history: [] }], now);
  expect(heard[0]?.[1]).toMatchObject({ change });
});

it.each([
  ['may be tried now', [aDelivery()], 1],
  ['waits for its time', [aDelivery({ next_attempt_at: '2026-03-01T12:00:00.001Z' })], 0],
  ['has no time', [aDelivery({ next_attempt_at: null })], 0],
  ['is in flight', [aDelivery({ leased_until: '2026-03-01T12:00:20.000Z' })], 0],
  ['is delivered', [aDelivery({ status: 'delivered' })], 0],
  ['waits for another', [aDelivery(), aDelivery({ action: 'resolve', ordinal: 1 })], 1],
])('of what %s so many are queued', (_how, deliveries, count) => {
  const { bus, heard } = collect();
  announceAlerts(bus, thread, [], [{ alert: anAlert({ deliveries }), history: [] }], now);
  const queued = heard.filter(([topic]) => topic === 'delivery.queued');
  expect(queued.map(([, message]) => message)).toEqual(
    count === 0 ? [] : [expect.objectContaining({ deliveries: deliveries.slice(0, count) })],
  );
});

it.each([
  ['has come', '2026-03-01T12:00:00.000Z', true],
  ['is to come', '2026-03-01T12:00:00.001Z', false],
])('an alert whose time %s is looked at at once: %s', (_when, wakeAt, isDue) => {
  const { bus, heard } = collect();
  announceAlerts(bus, thread, [], [{ alert: anAlert({ wake_at: wakeAt }), history: [] }], now);
  expect(topicsOf(heard).includes('alert.due')).toBe(isDue);
});
