// Whose turn it is, among all the processes that share the database. A turn is a row with an end, which its holder
// renews; no connection is held for it, since behind PgBouncer a session belongs to nobody. Time is the database's own,
// so that clocks which differ cannot make two holders.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import * as z from 'zod';
import { errorText, StoreUnavailable } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { EventStore } from '../event-store.ts';
import type { Session } from './connections.ts';
import { hashOf } from './keys.ts';

const takeSql = `INSERT INTO leases (name_hash, holder, expires_at)
  VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
  ON CONFLICT (name_hash) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
  WHERE leases.holder = excluded.holder OR leases.expires_at <= clock_timestamp()
    -- Beyond any length: the database's clock has stepped back since. Who gives a lease back knows no length.
    OR $3 > 0 AND leases.expires_at > clock_timestamp() + 2 * $3 * interval '1 millisecond' + interval '1 minute'
  RETURNING holder`;

/** Unlike taking it, this fails once another has had the lease, though that one has given it back. */
const renewSql = `UPDATE leases SET expires_at = clock_timestamp() + $3 * interval '1 millisecond'
  WHERE name_hash = $1 AND holder = $2 RETURNING holder`;

const releaseSql = 'DELETE FROM leases WHERE name_hash = $1 AND holder = $2';

export interface LeaseTimes {
  /** After so long the work of a process that died or hangs may be done by another. */
  readonly lockMs: number;
  /** How long another's work is waited for. */
  readonly patienceMs: number;
}

const defaultTimes: LeaseTimes = { lockMs: 15_000, patienceMs: 30_000 };
const askAgainMs = 50;
const askAgainAtMostMs = 500;

/** One piece of work of a name at a time in this process, which need not ask the database to keep itself waiting. */
const createQueues = () => {
  const queues = new Map<string, LimitFunction>();
  return async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const queue = queues.get(name) ?? pLimit(1);
    queues.set(name, queue);
    try {
      return await queue(work);
    } finally {
      if (queue.activeCount + queue.pendingCount === 0) queues.delete(name);
    }
  };
};

export const createLeases = (
  session: Session,
  log: Log,
  { lockMs, patienceMs }: LeaseTimes = defaultTimes,
): Pick<EventStore, 'withLock' | 'tryLease'> => {
  const process = randomUUID();
  const oneAtATime = createQueues();

  const take = async (key: string, holder: string, forMs: number): Promise<boolean> =>
    (await session.rows(z.unknown(), takeSql, [key, holder, forMs])).length > 0;

  const renew = async (key: string, holder: string): Promise<boolean> =>
    (await session.rows(z.unknown(), renewSql, [key, holder, lockMs])).length > 0;

  const waitFor = async (key: string, holder: string): Promise<void> => {
    const sinceMs = performance.now();
    for (let waitMs = askAgainMs; !(await take(key, holder, lockMs)); waitMs = Math.min(waitMs * 2, askAgainAtMostMs)) {
      if (performance.now() - sinceMs > patienceMs) {
        throw new StoreUnavailable('store_unavailable', 'another replica has been doing the same work for too long');
      }
      await sleep(waitMs * (0.5 + Math.random()));
    }
  };

  /** Renews the lease until it is stopped; what cannot be renewed may be taken, and the work goes on all the same. */
  const keep = (key: string, holder: string): (() => void) => {
    const renewOrSay = () =>
      renew(key, holder).catch((error) => log.warn({ error: errorText(error) }, 'store.lock_not_renewed'));
    const timer = setInterval(renewOrSay, lockMs / 3);
    return () => clearInterval(timer);
  };

  return {
    withLock: (name, work) =>
      oneAtATime(name, async () => {
        const key = hashOf(`lock ${name}`);
        const holder = randomUUID();
        await waitFor(key, holder);
        const stop = keep(key, holder);
        try {
          return await work(() => renew(key, holder));
        } finally {
          stop();
          // Where that fails, it ends by itself.
          await session.run(releaseSql, [key, holder]).catch(() => undefined);
        }
      }),
    tryLease: (name, forMs) => take(hashOf(name), process, forMs),
  };
};
