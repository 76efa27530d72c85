// What a subcommand declares of itself. Its help is made from it, and so is the reading of its arguments.
import type * as z from 'zod';
import type { ExitCode, Io } from './io.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** One letter. */
  readonly short?: string;
  /** What stands for the value in the help, such as `NAME`. */
  readonly value?: string;
  /** What the value has to be; any text, if it is absent. */
  readonly schema?: z.ZodType;
  readonly about: string;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type ValueOf<O extends OptionSpec> = O['type'] extends 'boolean'
  ? boolean
  : O extends { readonly multiple: true }
    ? readonly string[]
    : string;

/** The options that were given, by name. */
export type Values<O extends OptionSpecs> = { readonly [K in keyof O]?: ValueOf<O[K]> | undefined };

export interface CommandSpec<O extends OptionSpecs> {
  readonly name: string;
  /** The positional arguments as the help has them, such as `FILE` or `[ID]`; empty for none. */
  readonly args: string;
  /** How many positional arguments there may be. */
  readonly count: readonly [least: number, most: number];
  /** Whole sentences, one or more lines. */
  readonly about: readonly string[];
  readonly options: O;
  /** Command lines that work, without the program's name. */
  readonly examples: readonly string[];
  /** Rejects with `CommandFailed` or `WrongUsage`. */
  readonly run: (values: Values<O>, args: readonly string[], io: Io) => Promise<ExitCode>;
}
