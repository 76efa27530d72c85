import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Bus, createBus, createDraftBus } from '../../src/pipeline/bus.ts';
import type { DraftStage, Stage } from '../../src/pipeline/stage.ts';
import type { Signal, Topic, Topics } from '../../src/pipeline/topics.ts';
import { anAbsence } from '../support/builders.ts';
import { aDraft } from '../support/draft.ts';

const thread = { signalId: 'sig-1', requestId: 'req-1' };
const signal: Signal = { ...thread, vendor: 'acme', source: 'acme_status', payload: null };
const normalized: Topics['signal.normalized'] = { ...thread, observations: [anAbsence()] };

/** What is published on a topic from now on. */
const heard = <T extends Topic>(bus: Bus, topic: T): Topics[T][] => {
  const messages: Topics[T][] = [];
  bus.on(topic, (message) => messages.push(message));
  return messages;
};

const first = (
  run: Stage<'signal.received', 'signal.normalized'>['run'],
): Stage<'signal.received', 'signal.normalized'> => ({
  name: 'first',
  input: 'signal.received',
  output: 'signal.normalized',
  run,
});
const second = (
  run: Stage<'signal.normalized', 'signal.processed'>['run'],
): Stage<'signal.normalized', 'signal.processed'> => ({
  name: 'second',
  input: 'signal.normalized',
  output: 'signal.processed',
  run,
});

it('publishes on its output topic what a stage returns', async () => {
  const bus = createBus();
  const messages = heard(bus, 'signal.normalized');
  bus.subscribe(first(async () => normalized));

  bus.publish('signal.received', signal);
  await bus.idle();
  expect(messages).toEqual([normalized]);
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
  const published = heard(bus, 'signal.normalized');
  bus.subscribe({ ...first(run), name: 'broken' });
  bus.subscribe(first(async () => normalized));

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
  const published = heard(bus, 'signal.normalized');
  bus.subscribe(first(async () => normalized));

  expect(() => bus.publish('signal.received', signal)).not.toThrow();
  await bus.idle();
  expect(failed).toEqual([{ ...thread, topic: 'signal.received', error: new Error('deaf') }]);
  expect(received).toEqual([signal]);
  expect(published).toEqual([normalized]);
});

it('a listener that throws at what a stage publishes does not make the stage fail', async () => {
  const bus = createBus();
  const failed = heard(bus, 'stage.failed');
  bus.on('signal.normalized', () => {
    throw new Error('deaf');
  });
  bus.subscribe(first(async () => normalized));

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
      return normalized;
    }),
  );
  bus.subscribe(
    second(async () => {
      await setImmediate();
      steps.push('second');
      return { ...thread, outcomes: [] };
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
      return normalized;
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
  const messages = heard(bus, 'signal.normalized');
  bus.subscribe(first(async () => normalized));
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
  bus.subscribe(first(async () => normalized));
  bus.subscribe(
    second(async () => {
      throw new Error('broken');
    }),
  );
  bus.publish('signal.received', signal);
  await bus.idle();
  expect(ended).toEqual(['first', 'second']);
});

const draftStage = (
  name: string,
  input: DraftStage['input'],
  output: DraftStage['output'],
  run: DraftStage['run'],
): DraftStage => ({ name, input, output, run });

it('a draft goes through the stages in the order of their topics, at once', () => {
  const drafts = createDraftBus();
  drafts.subscribe(
    draftStage('b', 'draft.deduped', 'draft.stored', (draft) => ({ ...draft, reason: `${draft.reason}b` })),
  );
  drafts.subscribe(draftStage('a', 'draft.opened', 'draft.deduped', (draft) => ({ ...draft, reason: 'a' })));
  expect(drafts.run(aDraft()).reason).toBe('ab');
  expect(drafts.run(aDraft()).reason).toBe('ab');
});

it('a draft that is stopped goes no further', () => {
  const drafts = createDraftBus();
  drafts.subscribe(draftStage('a', 'draft.opened', 'draft.deduped', (draft) => ({ ...draft, stopped: 'duplicate' })));
  drafts.subscribe(draftStage('b', 'draft.deduped', 'draft.stored', (draft) => ({ ...draft, reason: 'b' })));
  expect(drafts.run(aDraft())).toEqual({ ...aDraft(), stopped: 'duplicate' });
});

it('what a stage throws over a draft is thrown, and the next draft is not spoilt by it', () => {
  const drafts = createDraftBus();
  const broken = new Error('broken');
  drafts.subscribe(
    draftStage('a', 'draft.opened', 'draft.deduped', (draft) => {
      if (draft.routed) throw broken;
      return draft;
    }),
  );
  expect(() => drafts.run(aDraft({ routed: true }))).toThrow(broken);
  expect(drafts.run(aDraft())).toEqual(aDraft());
});
