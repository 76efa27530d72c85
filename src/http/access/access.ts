// Who may come in, put together: which routes are open, and what is checked on the others.
import type { WebhookSource } from '../../ingest/webhook.ts';
import type { Log } from '../../lib/log.ts';
import { createFailureLimit } from './failure-limit.ts';
import { createSessions, type SessionOptions, type Sessions } from './sessions.ts';
import { type CheckToken, createTokenCheck } from './token-check.ts';

/** What lets callers in where there is an API_TOKEN. */
export interface Access {
  readonly checkToken: CheckToken;
  readonly sessions: Sessions;
}

export interface AccessDeps extends Pick<SessionOptions, 'cookiePath'> {
  readonly log: Log;
  readonly now: () => number;
}

/** Ten tries, then about a dozen an hour. */
const tokenLimits = { allowed: 10, firstWaitMs: 1000, maxWaitMs: 300_000, forgetAfterMs: 3_600_000 };

/** @param token null when everybody may come in */
export const createAccess = (token: string | null, { log, now, ...cookies }: AccessDeps): Access | null => {
  if (token === null) return null;
  const failures = createFailureLimit({ ...tokenLimits, now });
  return {
    checkToken: createTokenCheck({ token, failures, log }),
    sessions: createSessions({ token, now, ...cookies }),
  };
};

/** Whether a route, as `METHOD /path`, authenticates its callers itself or has nothing to protect. */
export type IsOpen = (route: string) => boolean;

export const openRoutes = (webhooks: readonly WebhookSource[]): IsOpen => {
  const open = new Set([
    'GET /healthz',
    'GET /readyz',
    ...webhooks.map(({ vendor }) => `POST /ingest/${vendor}`),
    'GET /session',
    'GET /login',
    'POST /login',
    'POST /logout',
  ]);
  // A vendor that is to post to the hook has no token; its path holds a secret.
  const prefixes = ['GET /assets/', 'POST /hooks/status/'];
  return (route) => open.has(route) || prefixes.some((prefix) => route.startsWith(prefix));
};
