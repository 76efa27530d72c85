import { expect, it } from 'vitest';
import { type Bus, createBus } from '../../src/pipeline/bus.ts';
import { narrate } from '../../src/pipeline/log-events.ts';
import { collectLog, type LogLine } from '../support/log.ts';

const thread = { signalId: 'sig-1', requestId: 'req-1' };
const eventId = 'evt_1';

/** What is logged when this happens on the bus, without what every line has. */
const told = (happen: (bus: Bus) => void): readonly Partial<LogLine>[] => {
  const bus = createBus();
  const logged = collectLog();
  narrate(bus, logged.log);
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
  const lines = told((bus) => bus.publish('event.stored', { ...thread, eventId, change, severity: 'warning' }));
  expect(lines).toEqual([{ level: 'info', request_id: 'req-1', event_id: eventId, severity: 'warning', msg }]);
});

it('an event that is recovered is one line', () => {
  const lines = told((bus) => bus.publish('event.stored', { ...thread, eventId, change: 'recovered' }));
  expect(lines).toEqual([{ level: 'info', request_id: 'req-1', event_id: eventId, msg: 'event.recovered' }]);
});

it('a routing decision that owes something is one line', () => {
  const decided = { ...thread, eventId, deliveryIds: ['dlv_1'], triggered: true, reason: 'Sent, because.' };
  expect(told((bus) => bus.publish('delivery.queued', decided))).toEqual([
    {
      level: 'info',
      request_id: 'req-1',
      event_id: eventId,
      delivery_ids: ['dlv_1'],
      reason: 'Sent, because.',
      msg: 'routing.decided',
    },
  ]);
});

it('a routing decision that sends nothing is one line too', () => {
  const stopped = { ...thread, stage: 'route', reason: 'unrouted', eventId, detail: 'Not sent.' } as const;
  expect(told((bus) => bus.publish('stage.stopped', stopped))).toEqual([
    {
      level: 'info',
      request_id: 'req-1',
      event_id: eventId,
      delivery_ids: [],
      reason: 'Not sent.',
      msg: 'routing.decided',
    },
  ]);
});

it.each([
  ['duplicate', 'event.deduplicated'],
  ['older', 'event.older_copy'],
] as const)('a signal that is %s is one line, %s', (reason, msg) => {
  const lines = told((bus) => bus.publish('stage.stopped', { ...thread, stage: 'store', reason, eventId }));
  expect(lines).toEqual([{ level: 'info', request_id: 'req-1', event_id: eventId, msg }]);
});

it.each<[string, (bus: Bus) => void]>([
  [
    'is received',
    (bus) => bus.publish('signal.received', { ...thread, vendor: 'v', source: 's', payload: { raw: 1 } }),
  ],
  ['is ignored', (bus) => bus.publish('stage.stopped', { ...thread, stage: 'store', reason: 'ignored', eventId })],
  [
    'was routed before',
    (bus) => bus.publish('stage.stopped', { ...thread, stage: 'route', reason: 'unrouted', eventId }),
  ],
  [
    'is queued again',
    (bus) => bus.publish('delivery.queued', { ...thread, eventId, deliveryIds: ['dlv_1'], triggered: false }),
  ],
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
