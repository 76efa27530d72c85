import type { Log } from '../../lib/log.ts';
import type { Observer } from './around-request.ts';

/** The path holds a secret, or somebody's guess at it. */
const secretPath = /^(\/hooks\/status\/).+/;

/** One line a request, unless it is only counted. The path without the query, and no headers: either may hold a secret. */
export const logRequest =
  (log: Log): Observer =>
  (c, durationMs) => {
    if (c.get('isCounted')) return;
    const line = {
      request_id: c.get('requestId'),
      method: c.req.method,
      path: c.req.path.replace(secretPath, '$1…'),
      status: c.res.status,
      duration_ms: Math.round(durationMs * 10) / 10,
    };
    if (c.res.status >= 500) log.warn(line, 'request.answered');
    else log.info(line, 'request.answered');
  };
