import { expect, it } from 'vitest';
import { createBus } from '../../src/pipeline/bus.ts';
import { createPublishObservations } from '../../src/pipeline/publish-observations.ts';
import { createSignalOutcomes } from '../../src/pipeline/signal-outcome.ts';
import type { Outcome } from '../../src/pipeline/topics.ts';
import { aManualResolve } from '../support/builders.ts';

const start = (outcomeOf: (eventId: string) => Outcome) => {
  const bus = createBus();
  const signals: string[][] = [];
  bus.on('signal.normalized', ({ observations, ...thread }) => {
    const ids = observations.map((each) => (each.type === 'manual_resolve' ? each.eventId : ''));
    signals.push(ids);
    queueMicrotask(() => bus.publish('signal.processed', { ...thread, outcomes: ids.map(outcomeOf) }));
  });
  return { signals, publish: createPublishObservations(bus, createSignalOutcomes(bus)) };
};

it('observations that are published together are one signal, whose outcomes are awaited', async () => {
  const { signals, publish } = start((eventId) => ({ kind: 'resolved', eventId, routed: false }));
  const outcomes = await publish([aManualResolve({ eventId: 'a' }), aManualResolve({ eventId: 'b' })], 'req-1');
  expect(signals).toEqual([['a', 'b']]);
  expect(outcomes.map(({ eventId }) => eventId)).toEqual(['a', 'b']);
});

it('what could not be stored is thrown', async () => {
  const error = new Error('the disk is full');
  const { publish } = start((eventId) => ({ kind: 'failed', eventId, error, routed: false }));
  await expect(publish([aManualResolve()], 'req-1')).rejects.toBe(error);
});
