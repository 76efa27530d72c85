import type { Log } from '../../lib/log.ts';
import { createRefusalCount } from '../access/refusal-count.ts';
import { Problem } from '../problem.ts';
import type { Observer } from './around-request.ts';

/**
 * One line for each webhook that is refused, as long as they are few. Anybody may send forged ones; checking one costs as
 * little as refusing it, so nobody has to wait, and all that a flood could fill is the log.
 */
export const logRefusals = (vendor: string, log: Log, now: () => number): Observer => {
  const refusals = createRefusalCount({
    now,
    onCounted: (counted) => log.warn({ vendor, ...counted }, 'signal.refused'),
  });
  const path = `/ingest/${vendor}`;
  return (c) => {
    const { status } = c.res;
    if (status < 400 || status >= 500 || c.req.method !== 'POST' || c.req.path !== path) return;
    const address = c.get('address');
    if (!refusals.add(address)) {
      c.set('isCounted', true);
      return;
    }
    const { detail, errors } = c.error instanceof Problem ? c.error.fields : { detail: undefined, errors: undefined };
    log.warn({ request_id: c.get('requestId'), vendor, address, detail, errors }, 'signal.refused');
  };
};
