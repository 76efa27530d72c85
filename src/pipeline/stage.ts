// A stage is a plain object: it takes messages of one topic and returns what to publish on another, or why it
// stops. It knows nothing of the bus, so a test calls `run` and compares what comes back.
import type { StopReason, Topic, Topics } from './topics.ts';

export type StageResult<Output extends Topic> =
  | { readonly publish: Topics[Output] }
  | { readonly stop: StopReason; readonly eventId: string | null; readonly detail?: string };

export interface Stage<Input extends Topic, Output extends Topic> {
  readonly name: string;
  readonly input: Input;
  readonly output: Output;
  run(message: Topics[Input]): Promise<StageResult<Output>>;
}
