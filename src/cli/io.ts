/** What a subcommand may use of the process that runs it. */
export interface Io {
  readonly env: NodeJS.ProcessEnv;
  /** Adds the variables of a `.env` file to `env`, where what is there wins. */
  readonly loadEnvFile: (path?: string) => void;
  /** Writes text and a line break to stdout. */
  readonly print: (text: string) => void;
  /** Writes text and a line break to stderr. */
  readonly complain: (text: string) => void;
  /** Shows how far long work has come, where stderr is a terminal; an empty text takes it away. */
  readonly showProgress: (text: string) => void;
  /** Whether stdout is a terminal: only then are there tables and colours. */
  readonly isTerminal: boolean;
  readonly hasColors: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  /** Ms since 1970. */
  readonly now: () => number;
  /** Aborted when somebody stops the command. */
  readonly stopped: AbortSignal;
}

/** 0: done, or yes. 1: no, or it could not be done. 2: the command was used wrongly. */
export type ExitCode = 0 | 1 | 2;
