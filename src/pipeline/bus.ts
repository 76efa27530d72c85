// The typed face of mitt, and the only file that imports it. mitt does not catch errors from listeners: a throwing one
// stops the later ones, and a rejected promise ends the process. Here every run of a stage is counted while it is under
// way, and an error of a stage or a listener becomes a message itself.
import mitt from 'mitt';
import type { Draft } from './draft.ts';
import type { DraftTopics } from './draft-topics.ts';
import type { DraftStage, Stage } from './stage.ts';
import type { Thread, Topic, Topics } from './topics.ts';

export interface Bus {
  publish<T extends Topic>(topic: T, message: Topics[T]): void;
  /** Registers a stage: it runs for every message of its input topic. */
  subscribe<I extends Topic, O extends Topic>(stage: Stage<I, O>): void;
  /** Registers a listener that only looks. */
  on<T extends Topic>(topic: T, listener: (message: Topics[T]) => void): void;
  /** How many runs of stages are under way. */
  inFlight(): number;
  /** Resolves when no stage is running and none has been started by the last one. */
  idle(): Promise<void>;
}

/** Runs a stage on a message, and passes on what comes of it. */
export type RunStage = <O extends Topic>(
  stage: string,
  message: Topics[Topic],
  run: () => Promise<Topics[O]>,
) => Promise<Topics[O]>;

/** What may look at the runs of stages. */
export interface StageObserver {
  readonly runStage?: RunStage | undefined;
  readonly stageEnded?: (stage: string, durationMs: number) => void;
}

const threadOf = ({ signalId, requestId }: Thread): Thread => ({ signalId, requestId });

export const createBus = ({ runStage, stageEnded = () => undefined }: StageObserver = {}): Bus => {
  const emitter = mitt<Topics>();
  let running = 0;
  let whenIdle: (() => void)[] = [];

  const ended = (): void => {
    running -= 1;
    if (running > 0 || whenIdle.length === 0) return;
    const waiting = whenIdle;
    whenIdle = [];
    for (const resume of waiting) resume();
  };

  const publish = <T extends Topic>(topic: T, message: Topics[T]): void => emitter.emit(topic, message);

  const execute = async <I extends Topic, O extends Topic>(stage: Stage<I, O>, message: Topics[I]): Promise<void> => {
    running += 1;
    const startedMs = performance.now();
    try {
      const result = await (runStage
        ? runStage<O>(stage.name, message, async () => stage.run(message))
        : stage.run(message));
      stageEnded(stage.name, performance.now() - startedMs);
      publish(stage.output, result);
    } catch (error) {
      stageEnded(stage.name, performance.now() - startedMs);
      publish('stage.failed', { ...threadOf(message), stage: stage.name, error });
    } finally {
      ended();
    }
  };

  return {
    publish,
    subscribe(stage) {
      emitter.on(stage.input, (message) => void execute(stage, message));
    },
    on(topic, listener) {
      emitter.on(topic, (message) => {
        try {
          listener(message);
        } catch (error) {
          // A listener of its own failures has nobody left to tell.
          if (topic !== 'listener.failed') publish('listener.failed', { ...threadOf(message), topic, error });
        }
      });
    },
    inFlight: () => running,
    async idle() {
      // A waiter that resumed before this one may have published again.
      while (running > 0) await new Promise<void>((resume) => whenIdle.push(resume));
    },
  };
};

export interface DraftBus {
  subscribe(stage: DraftStage): void;
  /** Publishes a draft, and gives what the stages made of it. Throws what a stage throws. */
  run(draft: Draft): Draft;
}

/** The bus inside a transaction. mitt is synchronous, so all stages have run when `emit` returns. */
export const createDraftBus = (): DraftBus => {
  const emitter = mitt<DraftTopics>();
  let latest: Draft;
  return {
    subscribe(stage) {
      emitter.on(stage.input, (draft) => {
        latest = stage.run(draft);
        if (latest.stopped === undefined) emitter.emit(stage.output, latest);
      });
    },
    run(draft) {
      latest = draft;
      emitter.emit('draft.opened', draft);
      return latest;
    },
  };
};
