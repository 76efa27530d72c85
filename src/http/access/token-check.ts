import { createHash, timingSafeEqual } from 'node:crypto';
import type { Log } from '../../lib/log.ts';
import type { FailureLimit } from './failure-limit.ts';

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

// Digests have one length, which comparing in constant time needs.
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const createTokenCheck = ({ token, failures, log }: TokenCheckDeps): CheckToken => {
  const expected = digest(token);
  return (given, { address, requestId, as }) => {
    const blockedMs = failures.waitMs(address);
    if (blockedMs > 0) return { right: false, waitMs: blockedMs };
    if (timingSafeEqual(digest(given), expected)) {
      failures.succeeded(address);
      return { right: true };
    }
    const waitMs = failures.failed(address);
    log.warn({ request_id: requestId, address, as, wait_ms: waitMs }, 'token.refused');
    return { right: false, waitMs };
  };
};
