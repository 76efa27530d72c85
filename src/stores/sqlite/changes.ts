// `changes` of the port. A number is given to each change; one that was read once is never given again, so the highest
// one that retention removed is kept beside the rows.
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../../domain/alert.ts';
import type { Changed, ChangesOf, EventWithDeliveries } from '../event-store.ts';
import { integer, type Row } from './columns.ts';
import { lostProgress } from './counters.ts';
import { createProgress } from './progress.ts';
import { eventColumns } from './stored.ts';

export const changesSql = {
  events: `SELECT ${eventColumns}, revision FROM events INDEXED BY events_revision
    WHERE revision > ? ORDER BY revision LIMIT ?`,
  alerts:
    'SELECT sequence, body, revision FROM alerts INDEXED BY alerts_revision WHERE revision > ? ORDER BY revision LIMIT ?',
  newestEvent: 'SELECT max(revision) AS revision FROM events INDEXED BY events_revision',
  newestAlert: 'SELECT max(revision) AS revision FROM alerts INDEXED BY alerts_revision',
} as const;

const revisionOf = (row: Row | undefined): number => {
  const revision = row?.revision;
  return typeof revision === 'number' ? revision : 0;
};

export const createChanges = (
  db: DatabaseSync,
  showEvent: (row: Row) => EventWithDeliveries,
  showAlert: (row: Row) => Alert,
): ((after: string | null, limit: number, of?: ChangesOf) => Changed | 'lost') => {
  const events = db.prepare(changesSql.events);
  const alerts = db.prepare(changesSql.alerts);
  const newestEvent = db.prepare(changesSql.newestEvent);
  const newestAlert = db.prepare(changesSql.newestAlert);
  const lost = createProgress(db, lostProgress);

  return (after, limit, of) => {
    const lostTo = lost.load();
    /** The newest that is on disk: a number beyond it might mean another change after a restart. */
    const newest = Math.max(revisionOf(newestEvent.get()), revisionOf(newestAlert.get()), lostTo);
    if (after === null) return { events: [], alerts: [], cursor: String(newest) };
    const from = /^\d{1,15}$/.test(after) ? Number(after) : -1;
    if (from < lostTo || from > newest) return 'lost';
    const found = [of === 'alerts' ? [] : events.all(from, limit), alerts.all(from, limit)];
    // A kind of which there may be more ends the portion for both.
    const full = found.filter((rows) => rows.length === limit).map((rows) => revisionOf(rows.at(-1)));
    const end = Math.min(newest, ...full);
    const [ofEvents = [], ofAlerts = []] = found.map((rows) => rows.filter((row) => integer(row, 'revision') <= end));
    return { events: ofEvents.map(showEvent), alerts: ofAlerts.map(showAlert), cursor: String(end) };
  };
};
