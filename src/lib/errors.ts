// The few errors that cross a boundary. Each class answers one question: is it worth trying again?
// Code branches on the class or on `code`, never on the text.
import type * as z from 'zod';

/** The store cannot take or give data now; the caller should come back after `retryAfterSeconds`. */
export class StoreUnavailable extends Error {
  readonly code: 'store_unavailable' | 'store_full';
  readonly retryAfterSeconds = 5;
  constructor(code: StoreUnavailable['code'], detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'StoreUnavailable';
    this.code = code;
  }
}

/** The store at start-up cannot be used, and trying again changes nothing: somebody has to put it right. */
export class StoreUnusable extends Error {
  readonly code = 'store_unusable';
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'StoreUnusable';
  }
}

/** The environment does not make a usable configuration; trying again changes nothing. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`the configuration is invalid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/** One thing that is wrong with what was given, and where. */
export interface FieldError {
  /** Such as `when.page`; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

export const fieldErrors = ({ issues }: z.ZodError): readonly FieldError[] =>
  issues.flatMap((issue): readonly FieldError[] =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key].join('.'), message: 'there is no such field' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );

/** Its message, and its code where the message does not name it. */
const causeText = (cause: Error): string => {
  const code = 'code' in cause ? String(cause.code) : '';
  return cause.message.includes(code) ? cause.message : `${code} ${cause.message}`.trim();
};

/** The text of anything that was thrown, with the cause that network errors hide one level down. */
export const errorText = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return String(thrown);
  // One error for each address of a host, and no text of its own.
  if (thrown instanceof AggregateError && thrown.message === '') return thrown.errors.map(errorText).join(', ');
  const cause = thrown.cause instanceof Error ? thrown.cause : undefined;
  const detail = cause && causeText(cause);
  return detail && !thrown.message.includes(cause.message || detail) ? `${thrown.message}: ${detail}` : thrown.message;
};
