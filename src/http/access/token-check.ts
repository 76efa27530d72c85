import type { Log } from '../../lib/log.ts';
import type { FailureLimit } from './failure-limit.ts';
import { isSameSecret } from './same-secret.ts';

/** Where a token came from: kept in the log, without the token. */
export interface Presented {
  readonly address: string;
  readonly requestId: string;
  readonly as: 'bearer' | 'form';
}

export type Verdict = { readonly right: true } | { readonly right: false; readonly waitMs: number };

/** Says whether a token is the right one. An address that has to wait is told so without its token being looked at. */
export type CheckToken = (given: string, from: Presented) => Verdict;

export interface TokenCheckDeps {
  readonly token: string;
  readonly failures: FailureLimit;
  readonly log: Log;
}

export const createTokenCheck =
  ({ token, failures, log }: TokenCheckDeps): CheckToken =>
  (given, { address, requestId, as }) => {
    const blockedMs = failures.waitMs(address);
    if (blockedMs > 0) return { right: false, waitMs: blockedMs };
    if (isSameSecret(given, token)) {
      failures.succeeded(address);
      return { right: true };
    }
    const waitMs = failures.failed(address);
    log.warn({ request_id: requestId, address, as, wait_ms: waitMs }, 'token.refused');
    return { right: false, waitMs };
  };
