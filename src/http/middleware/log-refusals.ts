import { createMiddleware } from 'hono/factory';
import type { Log } from '../../lib/log.ts';
import { createRefusalCount } from '../access/refusal-count.ts';
import type { HttpEnv } from '../env.ts';
import { Problem } from '../problem.ts';

/**
 * One line for each webhook that is refused, as long as they are few. Anybody may send forged ones; checking one costs as
 * little as refusing it, so nobody has to wait, and all that a flood could fill is the log.
 */
export const logRefusals = (vendor: string, log: Log, now: () => number) => {
  const refusals = createRefusalCount({
    now,
    onCounted: (counted) => log.warn({ vendor, ...counted }, 'signal.refused'),
  });
  return createMiddleware<HttpEnv>(async (c, next) => {
    await next();
    if (c.res.status < 400 || c.res.status >= 500) return;
    const address = c.get('address');
    if (!refusals.add(address)) {
      c.set('isCounted', true);
      return;
    }
    const { detail, errors } = c.error instanceof Problem ? c.error.fields : { detail: undefined, errors: undefined };
    log.warn({ request_id: c.get('requestId'), vendor, address, detail, errors }, 'signal.refused');
  });
};
