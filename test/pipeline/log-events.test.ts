import { expect, it } from 'vitest';
import { type Bus, createBus } from '../../src/pipeline/bus.ts';
import { logEvents } from '../../src/pipeline/log-events.ts';
import { collectLog, type LogLine } from '../support/log.ts';

const thread = { signalId: 'sig-1', requestId: 'req-1' };
const eventId = 'evt_1';

/** What is logged when this happens on the bus, without what every line has. */
const told = (happen: (bus: Bus) => void): readonly Partial<LogLine>[] => {
  const bus = createBus();
  const logged = collectLog();
  logEvents(bus, logged.log);
  happen(bus);
  return logged.lines.map(({ time: _time, service: _service, ...line }) => line);
};

it.each([
  ['stored', 'event.stored'],
  ['updated', 'event.updated'],
  ['revised', 'event.updated'],
  ['resolved', 'event.resolved'],
  ['reopened', 'event.reopened'],
] as const)('an event that is %s is one line, %s', (change, msg) => {
  const message = { ...thread, eventId, change, source: 'stripe', severity: 'warning', alertId: 'evt_0' } as const;
  expect(told((bus) => bus.publish('event.stored', message))).toEqual([
    { level: 'info', request_id: 'req-1', event_id: eventId, alert_id: 'evt_0', severity: 'warning', msg },
  ]);
});

it.each([
  ['opened', 'alert.opened'],
  ['reopened', 'alert.reopened'],
  ['updated', 'alert.updated'],
  ['resolved', 'alert.resolved'],
] as const)('an alert that is %s is one line, %s', (change, msg) => {
  const message = {
    ...thread,
    alertId: eventId,
    change,
    state: 'open',
    source: 'stripe',
    severity: 'critical',
  } as const;
  expect(told((bus) => bus.publish('alert.changed', message))).toEqual([
    { level: 'info', request_id: 'req-1', alert_id: eventId, severity: 'critical', msg },
  ]);
});

it.each([[['dlv_1']], [[]]])('a routing decision that creates the deliveries %j is one line', (deliveryIds) => {
  const decided = { ...thread, eventId, alertId: null, deliveryIds, reason: 'Because.' };
  expect(told((bus) => bus.publish('routing.decided', decided))).toEqual([
    {
      level: 'info',
      request_id: 'req-1',
      event_id: eventId,
      alert_id: null,
      delivery_ids: deliveryIds,
      reason: 'Because.',
      msg: 'routing.decided',
    },
  ]);
});

it.each([
  ['duplicate', 'event.deduplicated'],
  ['older', 'event.older_copy'],
] as const)('an observation that is %s is one line, %s', (reason, msg) => {
  const lines = told((bus) => bus.publish('event.unchanged', { ...thread, eventId, source: 'stripe', reason }));
  expect(lines).toEqual([{ level: 'info', request_id: 'req-1', event_id: eventId, msg }]);
});

it.each<[string, (bus: Bus) => void]>([
  [
    'is received',
    (bus) => bus.publish('signal.received', { ...thread, vendor: 'v', source: 's', payload: { raw: 1 } }),
  ],
  ['is ignored', (bus) => bus.publish('event.unchanged', { ...thread, eventId, source: 's', reason: 'ignored' })],
  ['is queued', (bus) => bus.publish('delivery.queued', { ...thread, alertId: 'a', scope: 's', deliveries: [] })],
  ['is processed', (bus) => bus.publish('signal.processed', { ...thread, outcomes: [] })],
])('what %s is no fact of its own, and no line', (_what, happen) => {
  expect(told(happen)).toEqual([]);
});

it('a stage that failed is one line that somebody must look at', () => {
  const error = new Error('it broke', { cause: new Error('the disk is full') });
  expect(told((bus) => bus.publish('stage.failed', { ...thread, stage: 'store', error }))).toEqual([
    {
      level: 'error',
      request_id: 'req-1',
      stage: 'store',
      error: 'it broke: the disk is full',
      msg: 'stage.failed',
    },
  ]);
});

it('a listener that failed is one line that somebody must look at', () => {
  const lines = told((bus) => {
    bus.on('signal.received', () => {
      throw new Error('deaf');
    });
    bus.publish('signal.received', { ...thread, vendor: 'v', source: 's', payload: null });
  });
  expect(lines).toEqual([
    { level: 'error', request_id: 'req-1', topic: 'signal.received', error: 'deaf', msg: 'listener.failed' },
  ]);
});
