// The numbers that are given once: an event's and an alert's place in the order of arrival, and that of each change.
import type { DatabaseSync } from 'node:sqlite';
import { integer, textOrNull } from './columns.ts';
import { createProgress } from './progress.ts';

/** The highest number of a change that cannot be told any more, for its row is gone. */
export const lostProgress = 'changes:lost';

export interface Counters {
  nextEvent(): number;
  nextAlert(): number;
  nextRevision(): number;
  /** When the newest event was first seen; a clock that stepped back since counts as standing still. */
  placeEvent(firstSeenAt: string): string;
  placeAlert(openedAt: string): string;
  /** Keeps the numbers of what is about to be removed from being given again. */
  retire(removedRevision: number): void;
  rolledBack(): void;
}

export const createCounters = (db: DatabaseSync): Counters => {
  const newestOf = (table: string, column: string) =>
    db.prepare(`SELECT sequence, ${column} AS time FROM ${table} ORDER BY sequence DESC LIMIT 1`);
  const newestEvent = newestOf('events', 'first_seen_at');
  const newestAlert = newestOf('alerts', 'opened_at');
  const newestRevision = db.prepare(
    'SELECT max(ifnull((SELECT max(revision) FROM events), 0), ifnull((SELECT max(revision) FROM alerts), 0)) AS newest',
  );
  const retiredEvent = createProgress(db, 'sequence:events');
  const retiredAlert = createProgress(db, 'sequence:alerts');
  const lost = createProgress(db, lostProgress);
  let [event, alert, revision] = [0, 0, 0];
  let [firstSeenAt, openedAt] = ['', ''];

  const load = (): void => {
    const [lastEvent, lastAlert] = [newestEvent.get(), newestAlert.get()];
    event = Math.max(lastEvent ? integer(lastEvent, 'sequence') : 0, retiredEvent.load());
    alert = Math.max(lastAlert ? integer(lastAlert, 'sequence') : 0, retiredAlert.load());
    revision = Math.max(integer(newestRevision.get(), 'newest'), lost.load());
    firstSeenAt = (lastEvent && textOrNull(lastEvent, 'time')) ?? '';
    openedAt = (lastAlert && textOrNull(lastAlert, 'time')) ?? '';
  };
  load();

  return {
    nextEvent: () => ++event,
    nextAlert: () => ++alert,
    nextRevision: () => ++revision,
    placeEvent(time) {
      if (time > firstSeenAt) firstSeenAt = time;
      return firstSeenAt;
    },
    placeAlert(time) {
      if (time > openedAt) openedAt = time;
      return openedAt;
    },
    retire(removedRevision) {
      retiredEvent.save(event);
      retiredAlert.save(alert);
      if (removedRevision > lost.load()) lost.save(removedRevision);
    },
    rolledBack: load,
  };
};
