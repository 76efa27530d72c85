// A vendor's webhook as a hint: somebody who knows the secret path says that a status page may have changed, and the
// status pages are read now. Nothing of the body is believed, or even read.
import { Hono } from 'hono';
import * as z from 'zod';
import { type Hints, hintEveryMs } from '../../ingest/polling/hints.ts';
import { isSameSecret } from '../access/same-secret.ts';
import { json, type Paths, problems } from '../describe.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';

const hookPath = '/hooks/status/';
const everySeconds = hintEveryMs / 1000;

export interface StatusHookDeps {
  /** Null: nobody may use the path. */
  readonly secret: string | null;
  readonly hints: Pick<Hints, 'take'>;
}

/** `POST /hooks/status/{secret}`: answers at once, and reads the status pages afterwards. */
export const statusHookRoutes = ({ secret, hints }: StatusHookDeps) =>
  new Hono<HttpEnv>().post(`${hookPath}:secret`, (c) => {
    // Compared in any case: how long it takes does not tell whether there is a secret.
    const isSame = isSameSecret(c.req.param('secret'), secret ?? '');
    if (secret === null || !isSame) throw new Problem({ status: 404, detail: 'there is nothing here' });
    return c.json<{ reading: boolean }>({ reading: hints.take(c.get('requestId')) }, 202);
  });

export const statusHookPaths: Paths = {
  [`${hookPath}{secret}`]: {
    post: {
      tags: ['ingestion'],
      summary: 'A hint that a status page has changed.',
      description: `For the subscriber webhooks of a status page. The status pages are read at once; if more posts come within the next ${everySeconds} seconds, they are read again at the end of these. Nothing of the body is used. Needs no token: the path holds STATUS_HOOK_SECRET.`,
      security: [],
      requestParams: { path: z.object({ secret: z.string() }) },
      responses: {
        202: json(
          `True: the status pages are read now. False: within ${everySeconds} seconds.`,
          z.strictObject({ reading: z.boolean() }),
        ),
        ...problems(404),
      },
    },
  },
};
