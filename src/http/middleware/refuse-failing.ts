import { createMiddleware } from 'hono/factory';
import type { FailureLimit } from '../access/failure-limit.ts';
import type { HttpEnv } from '../env.ts';
import { slowDown } from '../problem.ts';

/** Answers an address that failed too often before its body is read. */
export const refuseFailing = (failures: FailureLimit) =>
  createMiddleware<HttpEnv>((c, next) => {
    const waitMs = failures.waitMs(c.get('address'));
    if (waitMs > 0) throw slowDown('too many requests that could not be verified', waitMs);
    return next();
  });
