// A vendor's webhook as a hint: somebody who knows the secret path says that a status page may have changed, and the
// status pages are read now. Nothing of the body is believed, or even read.
import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import * as z from 'zod';
import type { Poller } from '../../ingest/polling/poller.ts';
import { errorText } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';

const hookPath = '/hooks/status/';

export interface StatusHookDeps {
  /** Null: nobody may use the path. */
  readonly secret: string | null;
  readonly poller: Pick<Poller, 'pull'>;
  readonly log: Log;
  readonly now: () => number;
}

/** However many webhooks come, the status pages are read once in so long because of them. */
const everyMs = 15_000;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const isRight = (given: string, secret: string | null): boolean => {
  const isSame = timingSafeEqual(digest(given), digest(secret ?? ''));
  return isSame && secret !== null;
};

/** `POST /hooks/status/{secret}`: answers at once, and reads the status pages afterwards. */
export const statusHookRoutes = ({ secret, poller, log, now }: StatusHookDeps) => {
  let lastMs = Number.NEGATIVE_INFINITY;
  return new Hono<HttpEnv>().post(`${hookPath}:secret`, (c) => {
    if (!isRight(c.req.param('secret'), secret)) throw new Problem({ status: 404, detail: 'there is nothing here' });
    const requestId = c.get('requestId');
    // A clock that stepped back must not keep it quiet.
    const isSoon = now() - lastMs < everyMs && now() >= lastMs;
    if (!isSoon) {
      lastMs = now();
      void poller
        .pull(requestId)
        .catch((error: unknown) => log.warn({ request_id: requestId, error: errorText(error) }, 'poll.failed'));
    }
    return c.json<{ reading: boolean }>({ reading: !isSoon }, 202);
  });
};

export const statusHookPaths: Paths = {
  [`${hookPath}{secret}`]: {
    post: {
      tags: ['ingestion'],
      summary: 'A hint that a status page has changed.',
      description:
        'For the subscriber webhooks of a status page. The status pages are read now, at most once in 15 seconds. Nothing of the body is used. Needs no token: the path holds STATUS_HOOK_SECRET.',
      security: [],
      requestParams: { path: z.object({ secret: z.string() }) },
      responses: {
        202: json('Whether the status pages are read because of it.', z.strictObject({ reading: z.boolean() })),
        ...problems(404),
      },
    },
  },
};
