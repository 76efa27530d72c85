// A stage is a plain object. It knows nothing of the bus, so a test calls `run` and compares what comes back.
import type { Draft } from './draft.ts';
import type { DraftTopic } from './draft-topics.ts';
import type { Topic, Topics } from './topics.ts';

/** Takes messages of one topic and gives what to publish on another. */
export interface Stage<Input extends Topic, Output extends Topic> {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
  run(message: Topics[Input]): Topics[Output] | Promise<Topics[Output]>;
}

/** Runs inside a transaction: pure and synchronous. A draft that is `stopped` goes to no further stage. */
export interface DraftStage {
  readonly name: string;
  readonly input: DraftTopic;
  readonly output: DraftTopic;
  run(draft: Draft): Draft;
}
