/** `no_answer`: the host gave nothing that says anything about this address. `not_this`: it gave something else. */
export type FetchFailure = 'no_answer' | 'not_this';

/**
 * A status page could not be read. The message says all that is known of why, so that there is no cause beside it, and
 * holds nothing of a URL that may be secret.
 */
export class FetchFailed extends Error {
  override readonly name = 'FetchFailed';
  readonly code: FetchFailure;
  /** How long the host asked to be left alone. */
  readonly retryAfterMs: number | null;
  constructor(code: FetchFailure, reason: string, retryAfterMs: number | null = null) {
    super(reason);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The failure, naming where a redirect led. */
export const afterRedirect = (failure: FetchFailed, redirectedTo: string | null): FetchFailed =>
  redirectedTo === null
    ? failure
    : new FetchFailed(failure.code, `${failure.message} (redirected to ${redirectedTo})`, failure.retryAfterMs);
