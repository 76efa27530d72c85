import { expect, it, onTestFinished, vi } from 'vitest';
import { StoreUnavailable } from '../../src/lib/errors.ts';
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

it('an outage of the store is one error, and a count each minute, however many events are refused', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const error = new StoreUnavailable('store_unavailable', 'away');
  const refuse = (bus: Bus, at: number) =>
    bus.publish('signal.processed', {
      signalId: `sig-${at}`,
      requestId: `req-${at}`,
      outcomes: [{ kind: 'failed', eventId: `evt_${at}`, error, routed: false }],
    });
  const lines = told((bus) => {
    for (let at = 0; at < 500; at++) refuse(bus, at);
    vi.advanceTimersByTime(60_000);
    bus.publish('signal.processed', { ...thread, outcomes: [{ kind: 'stored', eventId, routed: false }] });
    vi.advanceTimersByTime(10_000);
  });
  expect(lines.filter(({ level }) => level !== 'debug')).toEqual([
    { level: 'error', request_id: 'req-0', event_id: 'evt_0', error: 'away', msg: 'event.not_stored' },
    { level: 'warn', count: 500, since_last: 499, duration_ms: 60_000, error: 'away', msg: 'event.not_stored' },
    { level: 'info', count: 500, duration_ms: 70_000, msg: 'event.stored_again' },
  ]);
  const own = lines.filter(({ level }) => level === 'debug');
  expect(own.map(({ request_id: id }) => id)).toEqual(Array.from({ length: 499 }, (_, at) => `req-${at + 1}`));
});

it('events that fail for another reason than the store are an error each', () => {
  const failed = { kind: 'failed', eventId, error: new Error('a bug'), routed: false } as const;
  const lines = told((bus) => bus.publish('signal.processed', { ...thread, outcomes: [failed, failed] }));
  expect(lines.map(({ level }) => level)).toEqual(['error', 'error']);
});

it('an outage of the store while many alerts are looked at is one error', () => {
  const error = new StoreUnavailable('store_unavailable', 'away');
  const lines = told((bus) => {
    for (let at = 0; at < 50; at++) bus.publish('stage.failed', { ...thread, stage: 'wake', error });
  });
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
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
