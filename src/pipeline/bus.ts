// The typed face of mitt, and the only file that imports it. mitt is synchronous and forgives nothing: a throwing
// handler stops the later ones and a rejected promise ends the process. Here every run of a stage is counted while it is
// in flight, and whatever a stage or a listener throws becomes a message itself.
import mitt from 'mitt';
import type { Stage, StageResult } from './stage.ts';
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
  run: () => Promise<StageResult<O>>,
) => Promise<StageResult<O>>;

/** What may look at the runs of stages. */
export interface StageObserver {
  readonly runStage?: RunStage | undefined;
  readonly stageEnded?: (stage: string, durationMs: number) => void;
}

const threadOf = ({ signalId, requestId }: Thread): Thread => ({ signalId, requestId });

export const createBus = ({
  runStage = (_stage, _message, run) => run(),
  stageEnded = () => undefined,
}: StageObserver = {}): Bus => {
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
      const result = await runStage(stage.name, message, () => stage.run(message));
      stageEnded(stage.name, performance.now() - startedMs);
      if ('publish' in result) publish(stage.output, result.publish);
      else {
        const { stop: reason, ...rest } = result;
        publish('stage.stopped', { ...threadOf(message), stage: stage.name, reason, ...rest });
      }
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
      // Whoever was told before may have published again.
      while (running > 0) await new Promise<void>((resume) => whenIdle.push(resume));
    },
  };
};
