import { expect, it } from 'vitest';
import { createBus } from '../../src/pipeline/bus.ts';
import { createSignalOutcomes } from '../../src/pipeline/signal-outcome.ts';
import type { Outcome } from '../../src/pipeline/topics.ts';

const requestId = 'req-1';
const stored: Outcome = { kind: 'stored', eventId: 'evt_1', routed: true };

const setUp = () => {
  const bus = createBus();
  return { bus, outcomes: createSignalOutcomes(bus) };
};

it('answers with what became of each observation of the signal', async () => {
  const { bus, outcomes } = setUp();
  const one = outcomes.expect('sig-1');
  const two = outcomes.expect('sig-2');
  bus.publish('signal.processed', { signalId: 'sig-2', requestId, outcomes: [] });
  bus.publish('signal.processed', { signalId: 'sig-1', requestId, outcomes: [stored] });
  expect(await Promise.all([one, two])).toEqual([[stored], []]);
});

it('answers that the signal failed when a stage did before anything was decided', async () => {
  const { bus, outcomes } = setUp();
  const answer = outcomes.expect('sig-1');
  const error = new Error('broken');
  bus.publish('stage.failed', { signalId: 'sig-1', requestId, stage: 'normalize', error });
  expect(await answer).toEqual([{ kind: 'failed', eventId: '', error, routed: false }]);
});

it('the first answer counts', async () => {
  const { bus, outcomes } = setUp();
  const answer = outcomes.expect('sig-1');
  bus.publish('signal.processed', { signalId: 'sig-1', requestId, outcomes: [stored] });
  bus.publish('stage.failed', { signalId: 'sig-1', requestId, stage: 'later', error: new Error('broken') });
  expect(await answer).toEqual([stored]);
});

it('nobody is left waiting after ten thousand signals, and signals that nobody waits for are no trouble', async () => {
  const { bus, outcomes } = setUp();
  const answers = Array.from({ length: 10_000 }, (_, n) => outcomes.expect(`sig-${n}`));
  expect(outcomes.waiting()).toBe(10_000);
  for (let n = -5; n < 10_000; n++) bus.publish('signal.processed', { signalId: `sig-${n}`, requestId, outcomes: [] });
  await Promise.all(answers);
  expect(outcomes.waiting()).toBe(0);
});
