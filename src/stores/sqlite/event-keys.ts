// Finds events by their id. Ids come in no order, so each would change a page of its own of an index: they wait in memory
// until there are many, and go into the index in the order of their hashes, a slice with each commit. Those that wait are
// the newest events, which a start reads again.
import type { DatabaseSync } from 'node:sqlite';
import { eventIdOf } from '../event-body.ts';
import { integer, text } from './columns.ts';
import { hashOf } from './hash.ts';
import { createProgress } from './progress.ts';

/** So many ids are put into the index in one go through it. */
const runLength = 4096;
/** Of those, at most so many with one commit: less than a millisecond. */
const sliceLength = 256;

export const keysProgress = 'index:keys';

export interface EventKeys {
  /** The events that may have this id. */
  candidates(eventId: string): readonly number[];
  add(eventId: string, sequence: number): void;
  remove(eventId: string, sequence: number): void;
  /** Writes a slice of those that wait. */
  write(): void;
  committed(): void;
  rolledBack(): void;
}

interface Waiting {
  readonly hash: number;
  readonly sequence: number;
}

export const createEventKeys = (db: DatabaseSync): EventKeys => {
  const find = db.prepare('SELECT event FROM event_keys WHERE hash = ?');
  const insert = db.prepare('INSERT OR IGNORE INTO event_keys VALUES (?, ?)');
  const remove = db.prepare('DELETE FROM event_keys WHERE hash = ? AND event = ?');
  const progress = createProgress(db, keysProgress);
  /** By id. */
  const waiting = new Map<string, Waiting>();
  /** What is written just now, in order; empty while too few wait. */
  let run: readonly Waiting[] = [];
  let written = 0;
  let runEnd = 0;
  /** What the transaction that runs just now has added to those that wait, and removed from them. */
  let added: string[] = [];
  let removed: (readonly [eventId: string, Waiting])[] = [];
  let isRunDone = false;

  const tail = db.prepare('SELECT sequence, body FROM events WHERE sequence > ? ORDER BY sequence');
  for (const row of tail.iterate(progress.load())) {
    const eventId = eventIdOf(text(row, 'body'));
    waiting.set(eventId, { hash: hashOf(eventId), sequence: integer(row, 'sequence') });
  }

  /** An event that is new is looked for, and added in the next moment. */
  let hashed = { eventId: '', hash: hashOf('') };
  const hashFor = (eventId: string): number => {
    if (hashed.eventId !== eventId) hashed = { eventId, hash: hashOf(eventId) };
    return hashed.hash;
  };

  const beginRun = (): void => {
    run = [...waiting.values()].sort((a, b) => a.hash - b.hash);
    runEnd = Math.max(...run.map(({ sequence }) => sequence));
    written = 0;
  };

  return {
    candidates(eventId) {
      const known = waiting.get(eventId);
      if (known) return [known.sequence];
      return find.all(hashFor(eventId)).map((row) => integer(row, 'event'));
    },
    add(eventId, sequence) {
      waiting.set(eventId, { hash: hashFor(eventId), sequence });
      added.push(eventId);
    },
    remove(eventId, sequence) {
      // Its place in a run may still be written, and finds no event then.
      const known = waiting.get(eventId);
      if (known && waiting.delete(eventId)) removed.push([eventId, known]);
      remove.run(hashFor(eventId), sequence);
    },
    write() {
      if (run.length === 0 && waiting.size < runLength) return;
      if (run.length === 0) beginRun();
      for (const key of run.slice(written, written + sliceLength)) insert.run(key.hash, key.sequence);
      written += sliceLength;
      if (written < run.length) return;
      progress.save(runEnd);
      isRunDone = true;
    },
    committed() {
      added = [];
      removed = [];
      if (!isRunDone) return;
      isRunDone = false;
      run = [];
      for (const [eventId, { sequence }] of waiting) if (sequence <= runEnd) waiting.delete(eventId);
    },
    rolledBack() {
      for (const eventId of added) waiting.delete(eventId);
      for (const [eventId, known] of removed) waiting.set(eventId, known);
      added = [];
      removed = [];
      isRunDone = false;
      // Begins anew: what was written of it before is ignored when it is written again.
      run = [];
    },
  };
};
