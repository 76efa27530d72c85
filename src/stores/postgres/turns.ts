// Whose turn it is, among all the processes that share the database.
import { randomUUID } from 'node:crypto';
import pLimit from 'p-limit';
import * as z from 'zod';
import type { EventStore } from '../event-store.ts';
import { type Database, maxPatientConnections } from './database.ts';
import { hashOf } from './stored-event.ts';

// Locks belong to the whole database, and several services may share one, each in its schema.
const lockKey = 'hashtextextended(current_schema() || $1, 0)';

// Time is the database's own, so that clocks which differ cannot make two leaders.
const leadSql = `INSERT INTO leases (name_hash, holder, expires_at)
  VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond')
  ON CONFLICT (name_hash) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
  WHERE leases.holder = excluded.holder OR leases.expires_at <= clock_timestamp()
  RETURNING holder`;

export const createTurns = (database: Database): Pick<EventStore, 'exclusively' | 'lead'> => {
  const holder = randomUUID();
  // Each piece of work has a connection, which holds its lock and dies with this process. One is left for migrations.
  const inTurn = pLimit(maxPatientConnections - 1);

  return {
    async exclusively(name, work) {
      const [done] = await inTurn(() =>
        database.patiently(async (session) => {
          await session.run(`SELECT pg_advisory_lock(${lockKey})`, [hashOf(name)]);
          // The lock ends with the connection: an unlock would wait for an answer, which may never come.
          return Promise.allSettled([work()]);
        }),
      );
      if (done.status === 'rejected') throw done.reason;
      return done.value;
    },
    async lead(name, forMs) {
      const leader = await database.rows(z.unknown(), leadSql, [hashOf(name), holder, forMs]);
      return leader.length > 0;
    },
  };
};
