// Everything that the second connection reads: queries that may take long.
import type { DatabaseSync } from 'node:sqlite';
import type { EventStore } from '../event-store.ts';
import { createChanges } from './changes.ts';
import { integer, textOrNull } from './columns.ts';
import { createEventLister } from './list-events.ts';
import { createOtherListers } from './list-others.ts';

type Listed = Pick<EventStore, 'listEvents' | 'listAlerts' | 'listDeliveries' | 'changes' | 'size'>;

/** The listings of the port, answered at once. */
export type Listing = {
  readonly [Name in keyof Listed]: (...args: Parameters<Listed[Name]>) => Awaited<ReturnType<Listed[Name]>>;
} & {
  /** Brings what was committed from the log into the file, once there is much of it. */
  checkpoint(): void;
  close(): void;
};

/** Pages of 4 KiB: less often, and pages that change again and again are brought over once. */
const checkpointFrom = 4000;

export const createListing = (db: DatabaseSync, maxScan: number): Listing => {
  const events = createEventLister(db, maxScan);
  const others = createOtherListers(db, maxScan);
  const changes = createChanges(db, events.show, others.show);
  const size = db.prepare(
    'SELECT count(*) AS events, (SELECT first_seen_at FROM events ORDER BY sequence DESC LIMIT 1) AS newest FROM events',
  );

  /** All that one answer is made of is read at one moment. */
  const atOnce = <T>(read: () => T): T => {
    db.exec('BEGIN');
    try {
      return read();
    } finally {
      db.exec('COMMIT');
    }
  };

  return {
    listEvents: (query) => atOnce(() => events.list(query)),
    listAlerts: (query) => atOnce(() => others.alerts(query)),
    listDeliveries: (query) => atOnce(() => others.deliveries(query)),
    changes: (after, limit, of) => atOnce(() => changes(after, limit, of)),
    size() {
      const row = size.get() ?? {};
      return { events: integer(row, 'events'), newestFirstSeenAt: textOrNull(row, 'newest') };
    },
    checkpoint() {
      const found = db.prepare('PRAGMA wal_checkpoint(NOOP)').get();
      if (integer(found, 'log') - integer(found, 'checkpointed') >= checkpointFrom) {
        db.exec('PRAGMA wal_checkpoint(PASSIVE)');
      }
    },
    close: () => db.close(),
  };
};
