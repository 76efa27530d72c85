// What a scenario is: it measures something beside its ceiling or its peer, interleaved, and gives rows for the table.
import type { Spread } from './stats.ts';

export interface Options {
  /** Whether a run of a few seconds is wanted, which shows that everything works and measures little. */
  readonly quick: boolean;
  readonly rounds: number;
  /** How many events the large stores are filled with. */
  readonly events: number;
  /** The root of an older checkout of this repository, to be measured in the same rounds. */
  readonly before: string | undefined;
}

export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly beside: string;
  /** What was measured, in terms of what stands beside it, over all rounds; NaN where nothing stands beside it. */
  readonly ratio: Spread;
  readonly reach: Bound;
  readonly aim: Bound;
  /** How the ratio is written: a factor, or milliseconds more. */
  readonly unit?: '×' | ' ms more' | ' ms';
}

/** A ratio that is to be at least, or at most, so much; none where nothing was promised. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number } | null;

export interface Scenario {
  readonly name: string;
  /** Rejects when something did not complete, or an answer was wrong; never for a time. */
  run(options: Options): Promise<readonly Row[]>;
}
