import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Bus, createBus } from '../../src/pipeline/bus.ts';
import type { Stage } from '../../src/pipeline/stage.ts';
import type { Signal, Topic, Topics } from '../../src/pipeline/topics.ts';
import { aGone } from '../support/builders.ts';

const thread = { signalId: 'sig-1', requestId: 'req-1' };
const signal: Signal = { ...thread, vendor: 'acme', source: 'acme_status', payload: null };
const normalized: Topics['observation.normalized'] = { ...thread, observation: aGone() };

/** What is published on a topic from now on. */
const heard = <T extends Topic>(bus: Bus, topic: T): Topics[T][] => {
  const messages: Topics[T][] = [];
  bus.on(topic, (message) => messages.push(message));
  return messages;
};

const first = (
  run: Stage<'signal.received', 'observation.normalized'>['run'],
): Stage<'signal.received', 'observation.normalized'> => ({
  name: 'first',
  input: 'signal.received',
  output: 'observation.normalized',
  run,
});
const second = (
  run: Stage<'observation.normalized', 'observation.judged'>['run'],
): Stage<'observation.normalized', 'observation.judged'> => ({
  name: 'second',
  input: 'observation.normalized',
  output: 'observation.judged',
  run,
});

it('publishes on its output topic what a stage returns', async () => {
  const bus = createBus();
  const messages = heard(bus, 'observation.normalized');
  bus.subscribe(first(async () => ({ publish: normalized })));

  bus.publish('signal.received', signal);
  await bus.idle();
  expect(messages).toEqual([normalized]);
});

it('says which stage stopped and why', async () => {
  const bus = createBus();
  const published = heard(bus, 'observation.normalized');
  const stopped = heard(bus, 'stage.stopped');
  bus.subscribe(first(async () => ({ stop: 'ignored', eventId: 'evt_1', detail: 'of no interest' })));

  bus.publish('signal.received', signal);
  await bus.idle();
  expect(stopped).toEqual([
    { ...thread, stage: 'first', reason: 'ignored', eventId: 'evt_1', detail: 'of no interest' },
  ]);
  expect(published).toEqual([]);
});

it.each<[string, () => Promise<never>]>([
  ['rejects', () => Promise.reject(new Error('broken'))],
  [
    'throws before it returns a promise',
    () => {
      throw new Error('broken');
    },
  ],
])('a stage that %s becomes a message, and the other stages run', async (_how, run) => {
  const bus = createBus();
  const failed = heard(bus, 'stage.failed');
  const published = heard(bus, 'observation.normalized');
  bus.subscribe({ ...first(run), name: 'broken' });
  bus.subscribe(first(async () => ({ publish: normalized })));

  bus.publish('signal.received', signal);
  await bus.idle();
  expect(failed).toEqual([{ ...thread, stage: 'broken', error: new Error('broken') }]);
  expect(published).toEqual([normalized]);
});

it('a listener that throws becomes a message, and the other listeners and the stages still run', async () => {
  const bus = createBus();
  const failed = heard(bus, 'listener.failed');
  bus.on('signal.received', () => {
    throw new Error('deaf');
  });
  const received = heard(bus, 'signal.received');
  const published = heard(bus, 'observation.normalized');
  bus.subscribe(first(async () => ({ publish: normalized })));

  expect(() => bus.publish('signal.received', signal)).not.toThrow();
  await bus.idle();
  expect(failed).toEqual([{ ...thread, topic: 'signal.received', error: new Error('deaf') }]);
  expect(received).toEqual([signal]);
  expect(published).toEqual([normalized]);
});

it('a listener that throws at what a stage publishes does not make the stage fail', async () => {
  const bus = createBus();
  const failed = heard(bus, 'stage.failed');
  bus.on('observation.normalized', () => {
    throw new Error('deaf');
  });
  bus.subscribe(first(async () => ({ publish: normalized })));

  bus.publish('signal.received', signal);
  await bus.idle();
  expect(failed).toEqual([]);
});

it('a listener of failed listeners that throws itself is asked no more than once', () => {
  const bus = createBus();
  let asked = 0;
  bus.on('listener.failed', () => {
    asked += 1;
    throw new Error('deaf too');
  });
  bus.on('signal.received', () => {
    throw new Error('deaf');
  });
  bus.publish('signal.received', signal);
  expect(asked).toBe(1);
});

it('is idle only when the whole chain is', async () => {
  const bus = createBus();
  const open = Promise.withResolvers<void>();
  const steps: string[] = [];
  bus.subscribe(
    first(async () => {
      await open.promise;
      steps.push('first');
      return { publish: normalized };
    }),
  );
  bus.subscribe(
    second(async () => {
      await setImmediate();
      steps.push('second');
      return { stop: 'ignored', eventId: null };
    }),
  );

  bus.publish('signal.received', signal);
  bus.publish('signal.received', signal);
  expect(bus.inFlight()).toBe(2);
  const idle = bus.idle().then(() => steps.push('idle'));
  open.resolve();
  await idle;
  expect(steps).toEqual(['first', 'first', 'second', 'second', 'idle']);
  expect(bus.inFlight()).toBe(0);
});

it('is idle when nothing was published', async () => {
  await expect(createBus().idle()).resolves.toBeUndefined();
});

it('a stage runs in the background: publishing waits for nothing', async () => {
  const bus = createBus();
  const started: string[] = [];
  bus.subscribe(
    first(async () => {
      started.push('run');
      await setImmediate();
      started.push('end');
      return { publish: normalized };
    }),
  );
  bus.publish('signal.received', signal);
  expect(started).toEqual(['run']);
  await bus.idle();
  expect(started).toEqual(['run', 'end']);
});

it('nothing that fails is left unheard by the process', async () => {
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', hear);
  const bus = createBus();
  for (const topic of ['stage.failed', 'listener.failed', 'signal.received'] as const) {
    bus.on(topic, () => {
      throw new Error('deaf');
    });
  }
  bus.subscribe(first(() => Promise.reject(new Error('broken'))));
  bus.publish('signal.received', signal);
  await bus.idle();
  await setImmediate();
  process.off('unhandledRejection', hear);
  expect(unheard).toEqual([]);
  expect(bus.inFlight()).toBe(0);
});

it('lets what stands around a stage see each run, and publishes what comes of it', async () => {
  const seen: string[] = [];
  const bus = createBus({
    runStage: async (stage, { requestId }, run) => {
      const result = await run();
      seen.push(`${stage} ${requestId}`);
      return result;
    },
  });
  const messages = heard(bus, 'observation.normalized');
  bus.subscribe(first(async () => ({ publish: normalized })));
  bus.publish('signal.received', signal);
  await bus.idle();
  expect({ seen, messages }).toEqual({ seen: ['first req-1'], messages: [normalized] });
});

it('times every run, also one that fails', async () => {
  const ended: string[] = [];
  const bus = createBus({
    stageEnded(stage, durationMs) {
      expect(durationMs).toBeGreaterThanOrEqual(0);
      ended.push(stage);
    },
  });
  bus.subscribe(first(async () => ({ publish: normalized })));
  bus.subscribe(
    second(async () => {
      throw new Error('broken');
    }),
  );
  bus.publish('signal.received', signal);
  await bus.idle();
  expect(ended).toEqual(['first', 'second']);
});
