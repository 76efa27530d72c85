import { expect, it } from 'vitest';
import { type Bus, createBus } from '../../src/pipeline/bus.ts';
import { createOutcomes, type Outcome } from '../../src/pipeline/signal-outcome.ts';
import type { StopReason, StoredChange } from '../../src/pipeline/topics.ts';

const thread = { signalId: 'sig-1', requestId: 'req-1' };
const broken = new Error('broken');

const says = {
  stored:
    (change: StoredChange | 'recovered' = 'stored') =>
    (bus: Bus) =>
      bus.publish('event.stored', { ...thread, eventId: 'evt_1', change }),
  queued: (triggered: boolean) => (bus: Bus) =>
    bus.publish('delivery.queued', { ...thread, eventId: 'evt_1', deliveryIds: ['dlv_1'], triggered }),
  stopped: (reason: StopReason) => (bus: Bus) =>
    bus.publish('stage.stopped', { ...thread, stage: 'any', reason, eventId: 'evt_1' }),
  failed: (bus: Bus) => bus.publish('stage.failed', { ...thread, stage: 'any', error: broken }),
};

/** The outcome after these messages, or 'waiting' when there is none yet. */
const after = async (until: 'stored' | 'routed', ...messages: readonly ((bus: Bus) => void)[]) => {
  const bus = createBus();
  const outcome = createOutcomes(bus).expect('sig-1', until);
  for (const publish of messages) publish(bus);
  // A promise that is settled already wins against one that settles a turn later.
  return Promise.race([outcome, Promise.resolve().then((): 'waiting' => 'waiting')]);
};

const isStored = { kind: 'stored', eventId: 'evt_1', triggered: false } satisfies Outcome;

it('waits when nothing was said', async () => {
  expect(await after('stored')).toBe('waiting');
});

it.each(['stored', 'updated', 'resolved', 'reopened', 'revised'] as const)(
  'answers at once that an event was %s, for who waits for no more',
  async (change) => {
    expect(await after('stored', says.stored(change))).toEqual({ ...isStored, kind: change });
  },
);

it('who waits for the routing too is not answered before it', async () => {
  expect(await after('routed', says.stored())).toBe('waiting');
});

it.each([
  ['triggers', says.queued(true), true],
  ['queues without triggering', says.queued(false), false],
  ['leads nowhere', says.stopped('unrouted'), false],
  ['fails', says.failed, false],
])('the routing of a stored event that %s leaves it stored', async (_what, routed, triggered) => {
  expect(await after('routed', says.stored('resolved'), routed)).toEqual({
    kind: 'resolved',
    eventId: 'evt_1',
    triggered,
  });
});

it.each(['ignored', 'duplicate', 'older', 'unrouted'] as const)('answers that a signal is %s', async (reason) => {
  const outcome = { kind: reason, eventId: 'evt_1', triggered: false };
  expect(await after('stored', says.stopped(reason))).toEqual(outcome);
  expect(await after('routed', says.stopped(reason))).toEqual(outcome);
});

it('answers what failed before the event was stored', async () => {
  const outcome = { kind: 'failed', error: broken, triggered: false };
  expect(await after('stored', says.failed)).toEqual(outcome);
  expect(await after('routed', says.failed)).toEqual(outcome);
});

it('a failure after the event was stored does not take the answer back', async () => {
  expect(await after('stored', says.stored(), says.failed)).toEqual(isStored);
});

it('a recovered event is not the answer to a signal', async () => {
  expect(await after('stored', says.stored('recovered'))).toBe('waiting');
});

it('a delivery of which nothing was stored before is not the answer to a signal', async () => {
  expect(await after('routed', says.queued(true))).toBe('waiting');
});

it('each signal gets its own answer', async () => {
  const bus = createBus();
  const outcomes = createOutcomes(bus);
  const one = outcomes.expect('sig-1', 'stored');
  const two = outcomes.expect('sig-2', 'stored');
  bus.publish('stage.stopped', {
    signalId: 'sig-2',
    requestId: 'req-1',
    stage: 'store',
    reason: 'duplicate',
    eventId: 'evt_2',
  });
  bus.publish('event.stored', { ...thread, eventId: 'evt_1', change: 'stored' });
  expect(await Promise.all([one, two])).toEqual([isStored, { kind: 'duplicate', eventId: 'evt_2', triggered: false }]);
});

it('messages of signals that nobody waits for are no trouble', async () => {
  const bus = createBus();
  createOutcomes(bus);
  const failed: string[] = [];
  bus.on('listener.failed', ({ topic }) => failed.push(topic));
  for (const publish of [says.stored(), says.queued(true), says.stopped('ignored'), says.failed]) publish(bus);
  expect(failed).toEqual([]);
});
